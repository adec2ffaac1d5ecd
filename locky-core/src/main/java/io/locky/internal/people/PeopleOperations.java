package io.locky.internal.people;

import java.util.function.Function;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.PeopleSettings;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import io.locky.people.LockHandovers;
import io.locky.people.LockHistory;
import io.locky.people.LockLine;
import io.locky.people.LockPresence;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The operations for people around locks.
 *
 * @param handovers asks holders to hand over their locks
 * @param presence shows who is looking
 * @param line the lines of people who wait, or {@code null} if there are none
 * @param history the history of locks, or {@code null} if none is kept
 */
public record PeopleOperations(LockHandovers handovers, LockPresence presence, @Nullable LockLine line,
		@Nullable LockHistory history) implements AutoCloseable {

	/**
	 * Creates the operations.
	 * @param scripts runs scripts
	 * @param keys the names of the keys
	 * @param events publishes events
	 * @param locks acquires locks
	 * @param settings the settings
	 * @return the operations
	 */
	public static PeopleOperations create(ScriptRunner scripts, LockyKeys keys, LockyEventPublisher events,
			Function<LockRequest, LockAttempt> locks, PeopleSettings settings) {
		return new PeopleOperations(new RedisLockHandovers(scripts, keys, events, locks),
				new RedisLockPresence(scripts, keys, events),
				(settings.line() != null) ? new RedisLockLine(scripts, keys, events, settings.line()) : null,
				(settings.history() != null) ? new RedisLockHistory(scripts, keys) : null);
	}

	/**
	 * The lines, for requests that wait in them.
	 * @return the lines
	 * @throws IllegalStateException if there are none
	 */
	public FairLine fairLine() {
		Assert.state(this.line instanceof FairLine,
				"A fair request needs lines: set locky.line.enabled, or LockySettings.people(…)");
		return (FairLine) this.line;
	}

	/**
	 * Ends the threads of the lines.
	 */
	@Override
	public void close() {
		if (this.line instanceof RedisLockLine redisLine) {
			redisLine.close();
		}
	}

}
