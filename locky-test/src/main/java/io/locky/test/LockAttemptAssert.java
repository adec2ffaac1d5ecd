package io.locky.test;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockNames;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on the result of a request.
 *
 * @since 0.9.0
 */
public final class LockAttemptAssert extends AbstractAssert<LockAttemptAssert, LockAttempt> {

	LockAttemptAssert(LockAttempt actual) {
		super(actual, LockAttemptAssert.class);
	}

	/**
	 * Asserts that the lock was granted.
	 * @return the handle
	 */
	public LockHandle isAcquired() {
		isNotNull();
		if (this.actual instanceof LockAttempt.Acquired acquired) {
			return acquired.handle();
		}
		throw failure("Expected the request to be granted, but got %s", this.actual);
	}

	/**
	 * Asserts that the lock was not granted, because of a holder.
	 * @param locker the locker that holds the lock
	 * @return assertions on the lock that blocks the request
	 */
	public LockInfoAssert isDeniedBy(Object locker) {
		isNotNull();
		LockInfo lock = (this.actual instanceof LockAttempt.Denied denied) ? denied.lock() : null;
		if (lock == null) {
			throw failure("Expected the request to be denied by '%s', but got %s", LockNames.locker(locker),
					this.actual);
		}
		return new LockInfoAssert(lock).heldBy(locker);
	}

}
