package io.locky.redis;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What one attempt to take locks asks for.
 *
 * @param resources the names of the resources: all of them or none
 * @param locker the text of the locker
 * @param ttl the length of the lease, or {@code null} for one that does not end
 * @param longestHold the time after which no refresh helps, or {@code null} for none
 * @param attempt a name for this attempt: sent twice, it is granted once
 * @param contention what to do if a lock is held
 * @param note a text for others to see, or empty
 * @since 0.1.0
 */
public record Acquisition(List<String> resources, String locker, @Nullable Duration ttl, @Nullable Duration longestHold,
		String attempt, Contention contention, String note) {

	/**
	 * What to do if a lock is held.
	 *
	 * @param force whether any holder is replaced
	 * @param expectedFence the fence of the grant that is replaced, and no other, or
	 * {@code null}
	 * @param reentrant whether the same locker gets the lock again
	 */
	public record Contention(boolean force, @Nullable Long expectedFence, boolean reentrant) {

		/** The attempt is denied. */
		public static final Contention DENY = new Contention(false, null, false);

		/** The holder is replaced. */
		public static final Contention FORCE = new Contention(true, null, false);

	}

}
