package io.locky.annotation;

import java.time.Duration;

import io.locky.LockRequest;
import org.jspecify.annotations.Nullable;

/**
 * The options of an annotation, parsed.
 *
 * @param ttl the length of the lease
 * @param waitFor how long to wait, or {@code null} for not at all
 * @param force whether to replace any holder
 * @param onLost what to do if a lock is lost
 */
record LockedOptions(Duration ttl, @Nullable Duration waitFor, boolean force, OnLost onLost) {

	LockRequest apply(LockRequest plain) {
		LockRequest request = plain.ttl(this.ttl).autoRenew();
		return this.force ? request.force() : request;
	}

}
