package io.locky.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A held lock as a script saw it.
 *
 * @param resource the name of the resource
 * @param locker who holds it
 * @param fence the fence of the grant, or 0 if another client wrote the lock
 * @param since when it was granted by the clock of Redis, or {@code null} if another
 * client wrote the lock
 * @param expiresIn the rest of the lease, or {@code null} if it does not end
 * @param note the text that the holder left for others, or empty
 * @since 0.1.0
 */
public record HeldLock(String resource, String locker, long fence, @Nullable Instant since,
		@Nullable Duration expiresIn, String note) {

	private static final int FIELDS = 5;

	private static final long FREE = -1;

	/**
	 * Reads the answer to the question who holds locks.
	 * @param resources the resources of the question
	 * @param answer the answer of the script
	 * @return those that are held, in the order of the question
	 */
	public static List<HeldLock> ofFind(List<String> resources, List<Object> answer) {
		List<HeldLock> held = new ArrayList<>(resources.size());
		for (int i = 0; i < resources.size(); i++) {
			HeldLock lock = read(resources.get(i), answer.subList(i * FIELDS, (i + 1) * FIELDS));
			if (lock.fence() != FREE) {
				held.add(lock);
			}
		}
		return held;
	}

	static HeldLock read(String resource, List<Object> fields) {
		long since = (Long) fields.get(1);
		return new HeldLock(resource, (String) fields.get(3), (Long) fields.get(0),
				(since > 0) ? Instant.ofEpochMilli(since) : null, Replies.remaining((Long) fields.get(2)),
				(String) fields.get(4));
	}

}
