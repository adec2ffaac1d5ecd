package io.locky.internal.lock;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A lock that was released.
 *
 * @param resource the name of the resource
 * @param locker the locker that held it
 * @param fence the fencing token of the grant, or 0 if another client wrote the lock
 * @param releasedAt when it was released, by the clock of Redis
 * @param turn the waiter of this instance that has the turn now and gets no message, or
 * {@code null} if there is none
 * @param offer the offer to the first in the line, or {@code null} if nobody is in it
 */
record ReleaseReply(String resource, String locker, long fence, Instant releasedAt, @Nullable String turn,
		@Nullable Offer offer) {

	private static final long NOT_HELD = -1;

	/**
	 * Reads the reply of {@code release.lua}.
	 * @param locks the locks that were to be released
	 * @param reply the reply of the script
	 * @param unreadable reports locks that cannot be read
	 * @return those that were released, or empty if the operation never runs
	 */
	static Optional<List<ReleaseReply>> read(List<OwnedLock> locks, List<Object> reply, UnreadableLocks unreadable) {
		if ((Long) reply.get(0) == 0) {
			return Optional.empty();
		}
		Instant now = Instant.ofEpochMilli((Long) reply.get(0));
		Map<Integer, Offer> offers = offers(reply.subList(1 + 2 * locks.size(), reply.size()));
		List<ReleaseReply> released = new ArrayList<>();
		for (int i = 0; i < locks.size(); i++) {
			long fence = (Long) reply.get(1 + i * 2);
			if (UnreadableLocks.isUnreadable(fence)) {
				unreadable.report(locks.get(i).resource(), fence, locks.size());
			}
			else if (fence != NOT_HELD) {
				released.add(new ReleaseReply(locks.get(i).resource(), (String) reply.get(2 + i * 2), fence, now, null,
						offers.get(i)));
			}
		}
		return Optional.of(released);
	}

	private static Map<Integer, Offer> offers(List<Object> fields) {
		Map<Integer, Offer> offers = new HashMap<>();
		for (int i = 0; i < fields.size(); i += 3) {
			offers.put(Math.toIntExact((Long) fields.get(i)),
					new Offer((String) fields.get(i + 1), Instant.ofEpochMilli((Long) fields.get(i + 2))));
		}
		return offers;
	}

	/**
	 * The offer of a lock.
	 *
	 * @param locker who alone may acquire it
	 * @param until when the offer ends, by the clock of Redis
	 */
	record Offer(String locker, Instant until) {

	}

}
