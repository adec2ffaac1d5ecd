package io.locky.web;

import io.locky.LockInfo;

/**
 * Decides what a caller of the HTTP endpoints may do with which resource. Register a bean
 * of this type. Without one, what {@code locky.web.resources} names may be locked and
 * watched, and nothing is taken over.
 * <p>
 * Its methods may block, and are called by several threads at once.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LockAccessPolicy {

	/**
	 * Whether a caller may take the lock of a resource. Not asked again while she holds
	 * it.
	 * @param caller who asks
	 * @param resource what is to be locked
	 * @return whether to go on
	 */
	boolean mayLock(LockCaller caller, String resource);

	/**
	 * Whether a caller may know who holds a resource, now and as it changes. A live
	 * stream asks when it begins.
	 * @param caller who asks
	 * @param resource what may be locked
	 * @return whether to tell; unless it is overridden, for what the caller may lock
	 */
	default boolean mayWatch(LockCaller caller, String resource) {
		return mayLock(caller, resource);
	}

	/**
	 * Whether a caller who may lock a resource may take it from somebody else. Not asked
	 * for a lock of the caller's own.
	 * @param caller who asks
	 * @param current the lock that would be taken over
	 * @return whether to go on; never, unless it is overridden
	 */
	default boolean mayTakeOver(LockCaller caller, LockInfo current) {
		return false;
	}

}
