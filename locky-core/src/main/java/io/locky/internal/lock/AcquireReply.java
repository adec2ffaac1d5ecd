package io.locky.internal.lock;

import java.util.List;

import io.locky.LockInfo;
import io.locky.internal.expiration.ExpiryClaim;
import org.jspecify.annotations.Nullable;

/**
 * The reply to an attempt to acquire locks.
 */
sealed interface AcquireReply {

	/**
	 * All locks were granted.
	 *
	 * @param grants one for each resource, in the order of the attempt
	 * @param expired earlier leases of these resources whose end was not published yet:
	 * the caller has claimed them, and must publish and acknowledge them
	 */
	record Granted(List<Grant> grants, List<ExpiryClaim> expired) implements AcquireReply {

		/**
		 * The grant of an attempt for one lock.
		 * @return the first grant
		 */
		Grant grant() {
			return this.grants.get(0);
		}

	}

	/**
	 * Nothing was granted, and nothing changed.
	 *
	 * @param lock the first lock that blocks the attempt, or {@code null} if the grant
	 * that was to be replaced has ended and nobody holds the lock
	 */
	record Denied(@Nullable LockInfo lock) implements AcquireReply {

	}

	/**
	 * Reads the reply of {@code acquire.lua}.
	 * @param resources the resources of the attempt
	 * @param reply the reply of the script
	 * @param unreadable describes a lock that cannot be read
	 * @return its meaning
	 * @throws io.locky.UnreadableLockException if one of the locks cannot be read
	 */
	static AcquireReply read(List<String> resources, List<Object> reply, UnreadableLocks unreadable) {
		if ((Long) reply.get(0) == 1) {
			int end = 1 + resources.size() * Grant.FIELDS;
			return new Granted(Grant.read(resources, reply.subList(1, end)),
					ExpiryClaim.read(reply.subList(end, reply.size())));
		}
		if (reply.size() == 2) {
			return new Denied(null);
		}
		String resource = resources.get(Math.toIntExact((Long) reply.get(1)));
		if ((Long) reply.get(0) == -1) {
			throw unreadable.exception(resource, (Long) reply.get(2));
		}
		return new Denied(LockInfoReader.read(resource, reply.subList(2, reply.size())));
	}

}
