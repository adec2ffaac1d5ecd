package io.locky.redis;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What became of a lock that was to be refreshed.
 *
 * @param held whether it is held by the owner that was asked for
 * @param expiresIn the rest of the lease, or {@code null} if it does not end or is not
 * held
 * @since 0.1.0
 */
public record RefreshReply(boolean held, @Nullable Duration expiresIn) {

	private static final long NOT_HELD = -2;

	/**
	 * Reads the answer of the script.
	 * @param answer the answer
	 * @return one for each lock, in the order of the call
	 */
	public static List<RefreshReply> of(List<Object> answer) {
		return answer.stream()
			.map((remaining) -> new RefreshReply((Long) remaining != NOT_HELD, Replies.remaining((Long) remaining)))
			.toList();
	}

}
