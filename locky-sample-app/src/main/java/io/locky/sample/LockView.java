package io.locky.sample;

import java.time.Instant;

import io.locky.LockInfo;
import org.jspecify.annotations.Nullable;

/**
 * A lock as the sample shows it.
 *
 * @param resource what is locked
 * @param holder who holds it
 * @param fence the number of the grant
 * @param since when it was granted
 * @param expiresInMillis the rest of the lease
 */
record LockView(String resource, String holder, long fence, @Nullable Instant since, @Nullable Long expiresInMillis) {

	static LockView of(LockInfo lock) {
		return new LockView(lock.resource(), lock.locker(), lock.fence(), lock.since(),
				(lock.expiresIn() != null) ? lock.expiresIn().toMillis() : null);
	}

}
