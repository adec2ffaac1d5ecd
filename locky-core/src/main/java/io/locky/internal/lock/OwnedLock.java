package io.locky.internal.lock;

import java.util.List;

/**
 * A lock that a script may refresh or release, and the owner that it must have.
 *
 * @param resource the name of the resource
 * @param locker the locker that must hold the lock, or empty for any
 * @param fence the fencing token that the grant must have, or empty for any
 */
public record OwnedLock(String resource, String locker, String fence) {

	/**
	 * The lock, whichever locker holds it.
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
	 * The lock if that locker holds it with that grant.
	 * @param resource the name of the resource
	 * @param locker the locker, not empty
	 * @param fence the fence of the grant
	 * @return the lock
	 */
	public static OwnedLock byGrant(String resource, String locker, long fence) {
		return new OwnedLock(resource, locker, Long.toString(fence));
	}

	/**
	 * The lock if the grant with that fence holds it.
	 * @param resource the name of the resource
	 * @param fence the fence of the grant
	 * @return the lock
	 */
	static OwnedLock byFence(String resource, long fence) {
		return new OwnedLock(resource, "", Long.toString(fence));
	}

	/**
	 * The locks if those grants hold them.
	 * @param grants the grants
	 * @return the locks, in the order of the grants
	 */
	static List<OwnedLock> byFences(List<Grant> grants) {
		return grants.stream().map((grant) -> byFence(grant.resource(), grant.fence())).toList();
	}

}
