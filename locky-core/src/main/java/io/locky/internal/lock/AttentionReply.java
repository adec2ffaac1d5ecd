package io.locky.internal.lock;

import java.time.Instant;
import java.util.List;

import io.locky.LockRefresh;
import org.jspecify.annotations.Nullable;

/**
 * The reply to a refresh that reports whether the holder is active.
 *
 * @param at when the script ran, by the clock of Redis
 * @param lock whether the grant holds the lock, and for how long
 * @param idleSince since when the holder is idle, or {@code null}
 * @param changed whether that was not known before
 */
record AttentionReply(Instant at, LockRefresh lock, @Nullable Instant idleSince, boolean changed) {

	/**
	 * Reads the reply of {@code attend.lua}.
	 * @param resource the name of the resource
	 * @param reply the reply of the script
	 * @param unreadable describes a lock that cannot be read
	 * @return its meaning
	 */
	static AttentionReply read(String resource, List<Object> reply, UnreadableLocks unreadable) {
		RefreshReply refresh = RefreshReply.read(List.of(resource), reply, unreadable);
		if (!refresh.lock().held()) {
			return new AttentionReply(refresh.refreshedAt(), refresh.lock(), null, false);
		}
		long since = (Long) reply.get(2);
		return new AttentionReply(refresh.refreshedAt(), refresh.lock(),
				(since > 0) ? Instant.ofEpochMilli(since) : null, (Long) reply.get(3) == 1);
	}

}
