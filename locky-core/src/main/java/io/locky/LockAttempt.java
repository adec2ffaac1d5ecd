package io.locky;

import org.jspecify.annotations.Nullable;

/**
 * The result of an attempt to acquire a lock. Redis decides and reads the lock in one
 * step, so that a denial describes the very lock that caused it.
 *
 * @since 0.9.0
 */
public sealed interface LockAttempt {

	/**
	 * The lock was granted.
	 *
	 * @param handle the handle of the grant, to be closed by the caller
	 */
	record Acquired(LockHandle handle) implements LockAttempt {

	}

	/**
	 * The lock was not granted, and nothing changed.
	 *
	 * @param lock the lock that blocks the request; {@code null} only for
	 * {@link LockRequest#takeOverFrom(long)}, if the grant to take over has ended and
	 * nobody holds the lock. A free lock that is kept for the first in its
	 * {@linkplain io.locky.people.LockLine line} names that one as the locker, without a
	 * fence, and expires with the offer
	 */
	record Denied(@Nullable LockInfo lock) implements LockAttempt {

	}

}
