package io.locky.internal.lock;

/**
 * A lock that an operation may touch, and whose it must be. A script takes an empty text
 * for "whoever holds it".
 *
 * @param resource the name of the resource
 * @param locker the locker that must hold the lock, or empty
 * @param fence the fence that the grant must have, or empty
 * @since 0.1.0
 */
public record OwnedLock(String resource, String locker, String fence) {

	/**
	 * The lock, whoever holds it.
	 * @param resource the name of the resource
	 * @return the lock
	 */
	public static OwnedLock byAnyone(String resource) {
		return new OwnedLock(resource, "", "");
	}

	/**
	 * The lock if that locker holds it.
	 * @param resource the name of the resource
	 * @param locker the locker, not empty
	 * @return the lock
	 */
	public static OwnedLock byLocker(String resource, String locker) {
		return new OwnedLock(resource, locker, "");
	}

	/**
	 * The lock if that locker holds it with that very grant.
	 * @param resource the name of the resource
	 * @param locker the locker, not empty
	 * @param fence the fence of the grant
	 * @return the lock
	 */
	public static OwnedLock byGrant(String resource, String locker, long fence) {
		return new OwnedLock(resource, locker, Long.toString(fence));
	}

	/**
	 * The lock if that very grant holds.
	 * @param resource the name of the resource
	 * @param fence the fence of the grant
	 * @return the lock
	 */
	static OwnedLock byFence(String resource, long fence) {
		return new OwnedLock(resource, "", Long.toString(fence));
	}

}
