package io.locky;

import org.jspecify.annotations.Nullable;

/**
 * The result of a reactive attempt to acquire a lock, as {@link LockAttempt} is that of a
 * blocking one.
 *
 * @since 0.9.0
 */
public sealed interface ReactiveLockAttempt {

	/**
	 * The lock was granted.
	 *
	 * @param handle the handle of the grant, to be closed by the caller
	 */
	record Acquired(ReactiveLockHandle handle) implements ReactiveLockAttempt {

	}

	/**
	 * The lock was not granted, and nothing changed.
	 *
	 * @param lock the lock that blocks the request; {@code null} only where that of
	 * {@link LockAttempt.Denied} is
	 */
	record Denied(@Nullable LockInfo lock) implements ReactiveLockAttempt {

	}

}
