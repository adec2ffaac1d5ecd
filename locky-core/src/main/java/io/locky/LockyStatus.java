package io.locky;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The state of what a {@link io.locky.core.LockyTemplate LockyTemplate} does in the
 * background, for monitoring. Reading it sends nothing to Redis.
 *
 * @param running whether the template is started
 * @param worker the worker that publishes expiries, or {@code null} if this instance has
 * none
 * @param follower what publishes the events of other instances, or {@code null} if this
 * instance has none
 * @param renewedHandles how many handles are renewed
 * @param overdueHandles how many of them should have been renewed by now, and were not
 * @param subscribed whether hints arrive; the subscription begins when it is needed first
 * @param missingPermissions what the Redis user may not do, one sentence each; empty
 * before the first check and without a {@linkplain LockySettings#startupCheck() check}
 * @since 0.9.0
 */
public record LockyStatus(boolean running, @Nullable Work worker, @Nullable Work follower, int renewedHandles,
		int overdueHandles, boolean subscribed, List<String> missingPermissions) {

	/**
	 * Work that is repeated on a thread of its own.
	 *
	 * @param alive whether the thread runs
	 * @param lastSuccess when Redis last answered it, by the clock of this instance, or
	 * {@code null} if it has not answered since the start
	 */
	public record Work(boolean alive, @Nullable Instant lastSuccess) {

	}

}
