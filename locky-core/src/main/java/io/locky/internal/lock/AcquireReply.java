package io.locky.internal.lock;

import java.util.List;

import io.locky.LockInfo;
import io.locky.internal.expiration.ExpiryClaim;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt to take locks ended. Both answers speak of one moment.
 *
 * @since 0.1.0
 */
public sealed interface AcquireReply {

	/**
	 * All locks were granted.
	 *
	 * @param grants one for each resource, in the order of the attempt
	 * @param expired the leases that had ended before and that nobody had told: the
	 * caller's to tell and to acknowledge
	 */
	record Granted(List<Grant> grants, List<ExpiryClaim> expired) implements AcquireReply {

		/**
		 * The grant of an attempt for one lock.
		 * @return the first grant
		 */
		public Grant grant() {
			return this.grants.get(0);
		}

	}

	/**
	 * Nothing was granted, and nothing changed.
	 *
	 * @param lock the first lock in the way, or {@code null} if the grant that was to be
	 * replaced is gone and nobody holds the lock
	 */
	record Denied(@Nullable LockInfo lock) implements AcquireReply {

	}

	/**
	 * Reads the answer of the script.
	 * @param resources the resources of the attempt
	 * @param answer the answer
	 * @return what it says
	 */
	static AcquireReply read(List<String> resources, List<Object> answer) {
		if ((Long) answer.get(0) == 1) {
			int end = 1 + resources.size() * Grant.FIELDS;
			return new Granted(Grant.read(resources, answer.subList(1, end)),
					ExpiryClaim.read(answer.subList(end, answer.size())));
		}
		if (answer.size() == 2) {
			return new Denied(null);
		}
		String resource = resources.get(Math.toIntExact((Long) answer.get(1)));
		return new Denied(LockInfoReader.read(resource, answer.subList(2, answer.size())));
	}

}
