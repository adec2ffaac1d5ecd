package io.locky.internal.lock;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.locky.LockInfo;
import io.locky.internal.redis.ScriptValues;
import org.jspecify.annotations.Nullable;

/**
 * Reads held locks in the replies of scripts.
 */
final class LockInfoReader {

	private static final int FIELDS = 6;

	private static final long FREE = -1;

	private LockInfoReader() {
	}

	/**
	 * Reads several locks.
	 * @param resources the resources that the call named
	 * @param reply the reply of the script
	 * @param unreadable reports locks that cannot be read
	 * @return the locks that are held, in the order of the resources
	 */
	static List<LockInfo> readAll(List<String> resources, List<Object> reply, UnreadableLocks unreadable) {
		List<LockInfo> held = new ArrayList<>(resources.size());
		for (int i = 0; i < resources.size(); i++) {
			LockInfo lock = read(resources.get(i), reply.subList(i * FIELDS, (i + 1) * FIELDS));
			if (UnreadableLocks.isUnreadable(lock.fence())) {
				unreadable.report(lock.resource(), lock.fence(), resources.size());
			}
			else if (lock.fence() != FREE) {
				held.add(lock);
			}
		}
		return held;
	}

	static LockInfo read(String resource, List<Object> fields) {
		return new LockInfo(resource, (String) fields.get(3), (Long) fields.get(0), instant(fields.get(1)),
				ScriptValues.remaining((Long) fields.get(2)), ScriptValues.text(fields.get(4)), instant(fields.get(5)));
	}

	private static @Nullable Instant instant(Object millis) {
		return ((Long) millis > 0) ? Instant.ofEpochMilli((Long) millis) : null;
	}

}
