package io.locky;

import org.jspecify.annotations.Nullable;

/**
 * How an attempt to take a lock ended. Both answers speak of the same moment.
 *
 * @since 0.1.0
 */
public sealed interface LockAttempt {

	/**
	 * The lock was granted.
	 *
	 * @param handle the grant
	 */
	record Acquired(LockHandle handle) implements LockAttempt {

	}

	/**
	 * The lock was not granted, and nothing changed.
	 *
	 * @param lock the lock that is in the way; {@code null} only for
	 * {@link LockRequest#takeOverFrom(long)}, if the grant to take over has ended and
	 * nobody holds the lock
	 */
	record Denied(@Nullable LockInfo lock) implements LockAttempt {

	}

}
