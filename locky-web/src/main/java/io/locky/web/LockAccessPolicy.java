package io.locky.web;

import io.locky.LockInfo;

/**
 * Decides what a caller of the HTTP endpoints may do with a resource. Register a bean of
 * this type. Without one, every authenticated caller may lock and watch the resources
 * that {@code locky.web.resources} names, and nobody may take a lock over.
 * <p>
 * The methods may block. Several threads call them at once.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LockAccessPolicy {

	/**
	 * Whether a caller may acquire the lock of a resource. Not called for the heartbeats
	 * and the release of a lock that the caller holds.
	 * @param caller the caller
	 * @param resource the resource to lock
	 * @return whether to allow it
	 */
	boolean mayLock(LockCaller caller, String resource);

	/**
	 * Whether a caller may see who holds a resource, now and as it changes. Called once
	 * for a live stream, when it opens.
	 * @param caller the caller
	 * @param resource the resource to watch
	 * @return whether to allow it; unless overridden, the answer of
	 * {@link #mayLock(LockCaller, String) mayLock}
	 */
	default boolean mayWatch(LockCaller caller, String resource) {
		return mayLock(caller, resource);
	}

	/**
	 * Whether a caller who may lock a resource may take its lock over from the current
	 * holder. Not called if the caller is that holder.
	 * @param caller the caller
	 * @param current the lock to take over
	 * @return whether to allow it; false unless overridden
	 */
	default boolean mayTakeOver(LockCaller caller, LockInfo current) {
		return false;
	}

}
