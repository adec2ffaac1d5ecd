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
	 * Nothing was granted, and no lock changed.
	 *
	 * @param lock the first lock that blocks the attempt, or {@code null} if nobody holds
	 * the lock: the grant that was to be replaced has ended, or it is the turn of another
	 * waiter
	 * @param place the place of the waiter among all waiters of the lock, empty if it
	 * does not wait any longer
	 * @param lost whether Redis did not know this waiter any more
	 */
	record Denied(@Nullable LockInfo lock, String place, boolean lost) implements AcquireReply {

	}

	/**
	 * Reads the reply of {@code acquire.lua}.
	 * @param resources the resources of the attempt
	 * @param reply the reply of the script
	 * @param waits whether the attempt was made by a waiter
	 * @param unreadable describes a lock that cannot be read
	 * @return its meaning
	 * @throws io.locky.UnreadableLockException if one of the locks cannot be read
	 */
	static AcquireReply read(List<String> resources, List<Object> reply, boolean waits, UnreadableLocks unreadable) {
		if ((Long) reply.get(0) == 1) {
			int end = 1 + resources.size() * Grant.FIELDS;
			return new Granted(Grant.read(resources, reply.subList(1, end)),
					ExpiryClaim.read(reply.subList(end, reply.size())));
		}
		String resource = resources.get(Math.toIntExact((Long) reply.get(1)));
		if ((Long) reply.get(0) == -1) {
			throw unreadable.exception(resource, (Long) reply.get(2));
		}
		boolean placed = waits && reply.size() > 2;
		int end = placed ? reply.size() - 2 : reply.size();
		LockInfo lock = (end > 2) ? LockInfoReader.read(resource, reply.subList(2, end)) : null;
		return placed ? new Denied(lock, (String) reply.get(end), (Long) reply.get(end + 1) == 1)
				: new Denied(lock, "", false);
	}

}
