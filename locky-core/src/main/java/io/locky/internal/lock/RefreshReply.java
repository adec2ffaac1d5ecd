package io.locky.internal.lock;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.locky.LockRefresh;
import io.locky.internal.redis.ScriptValues;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The reply to a refresh.
 *
 * @param refreshedAt when the script ran, by the clock of Redis
 * @param locks one result for each lock, in their order; {@code null} for one that cannot
 * be read
 */
record RefreshReply(Instant refreshedAt, List<@Nullable LockRefresh> locks) {

	private static final long NOT_HELD = -2;

	/**
	 * Reads the reply of {@code refresh.lua}.
	 * @param resources the names of the resources
	 * @param reply the reply of the script
	 * @param unreadable reports locks that cannot be read
	 * @return its meaning
	 */
	static RefreshReply read(List<String> resources, List<Object> reply, UnreadableLocks unreadable) {
		List<@Nullable LockRefresh> locks = new ArrayList<>(resources.size());
		for (int i = 0; i < resources.size(); i++) {
			long remaining = (Long) reply.get(i + 1);
			if (UnreadableLocks.isUnreadable(remaining)) {
				unreadable.report(resources.get(i), remaining, resources.size());
				locks.add(null);
			}
			else {
				locks.add((remaining != NOT_HELD) ? new LockRefresh(true, ScriptValues.remaining(remaining))
						: new LockRefresh(false, null));
			}
		}
		return new RefreshReply(Instant.ofEpochMilli((Long) reply.get(0)), locks);
	}

	/**
	 * The result of a refresh of one lock.
	 * @return the first result
	 */
	LockRefresh lock() {
		LockRefresh first = this.locks.get(0);
		Assert.state(first != null, "A single lock that cannot be read is an exception");
		return first;
	}

}
