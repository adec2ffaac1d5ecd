package io.locky.internal.lock;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A lock that was given back.
 *
 * @param resource the name of the resource
 * @param locker who held it
 * @param fence the fence of the grant, or 0 if another client wrote the lock
 * @param releasedAt when, by the clock of Redis
 * @since 0.1.0
 */
public record ReleaseReply(String resource, String locker, long fence, Instant releasedAt) {

	private static final long NOT_HELD = -1;

	/**
	 * Reads the answer of the script.
	 * @param leases what was to be released
	 * @param answer the answer
	 * @return those that were released
	 */
	static List<ReleaseReply> read(List<OwnedLock> leases, List<Object> answer) {
		Instant now = Instant.ofEpochMilli((Long) answer.get(0));
		List<ReleaseReply> released = new ArrayList<>();
		for (int i = 0; i < leases.size(); i++) {
			long fence = (Long) answer.get(1 + i * 2);
			if (fence != NOT_HELD) {
				released.add(new ReleaseReply(leases.get(i).resource(), (String) answer.get(2 + i * 2), fence, now));
			}
		}
		return released;
	}

}
