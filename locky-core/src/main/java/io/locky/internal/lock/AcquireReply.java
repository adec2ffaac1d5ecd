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
	 * @param lost whether Redis did not know any more the waiter that made the attempt
	 */
	record Granted(List<Grant> grants, List<ExpiryClaim> expired, boolean lost) implements AcquireReply {

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
		long kind = (Long) reply.get(0);
		if (kind == -1) {
			throw unreadable.exception(resources.get(index(reply)), (Long) reply.get(2));
		}
		if (reply.size() == 2) {
			return new Denied(null, "", false);
		}
		boolean lost = waits && (Long) reply.get(reply.size() - 1) == 1;
		List<Object> fields = reply.subList(0, waits ? reply.size() - 1 : reply.size());
		return (kind == 1) ? granted(resources, fields, lost) : denied(resources, fields, waits, lost);
	}

	private static Granted granted(List<String> resources, List<Object> fields, boolean lost) {
		int end = 1 + resources.size() * Grant.FIELDS;
		return new Granted(Grant.read(resources, fields.subList(1, end)),
				ExpiryClaim.read(fields.subList(end, fields.size())), lost);
	}

	private static Denied denied(List<String> resources, List<Object> fields, boolean waits, boolean lost) {
		int end = waits ? fields.size() - 1 : fields.size();
		LockInfo lock = (end > 2) ? LockInfoReader.read(resources.get(index(fields)), fields.subList(2, end)) : null;
		return new Denied(lock, waits ? (String) fields.get(end) : "", lost);
	}

	private static int index(List<Object> reply) {
		return Math.toIntExact((Long) reply.get(1));
	}

}
