package io.locky.internal.people;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import io.locky.people.HandoverAnswer;
import io.locky.people.HandoverRequest;
import io.locky.people.LockHandovers;

import org.jspecify.annotations.Nullable;

/**
 * The requests to holders of locks, in Redis.
 */
final class RedisLockHandovers implements LockHandovers {

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockyEventPublisher events;

	private final Function<LockRequest, LockAttempt> locks;

	/**
	 * Creates it.
	 * @param scripts runs scripts
	 * @param keys the names of the keys
	 * @param events publishes events
	 * @param locks acquires locks
	 */
	RedisLockHandovers(ScriptRunner scripts, LockyKeys keys, LockyEventPublisher events,
			Function<LockRequest, LockAttempt> locks) {
		this.scripts = scripts;
		this.keys = keys;
		this.events = events;
		this.locks = locks;
	}

	@Override
	public Optional<HandoverRequest> ask(Object resource, Object locker, String note, @Nullable Duration silence) {
		throw new UnsupportedOperationException("To be built");
	}

	@Override
	public List<HandoverRequest> requests(Object resource) {
		throw new UnsupportedOperationException("To be built");
	}

	@Override
	public Optional<HandoverRequest> answer(Object resource, Object holder, long fence, String request,
			HandoverAnswer answer) {
		throw new UnsupportedOperationException("To be built");
	}

	@Override
	public LockAttempt claim(LockRequest attempt, String request) {
		throw new UnsupportedOperationException("To be built");
	}

	@Override
	public boolean withdraw(Object resource, Object locker, String request) {
		throw new UnsupportedOperationException("To be built");
	}

}
