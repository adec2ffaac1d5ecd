package io.locky.internal.people;

import java.util.List;
import java.util.Optional;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import io.locky.people.LinePlace;
import io.locky.people.LockLine;

/**
 * The lines of people, in Redis.
 */
final class RedisLockLine implements LockLine {

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockyEventPublisher events;

	/**
	 * Creates it.
	 * @param scripts runs scripts
	 * @param keys the names of the keys
	 * @param events publishes events
	 */
	RedisLockLine(ScriptRunner scripts, LockyKeys keys, LockyEventPublisher events) {
		this.scripts = scripts;
		this.keys = keys;
		this.events = events;
	}

	@Override
	public LinePlace join(Object resource, Object locker) {
		throw new UnsupportedOperationException("To be built");
	}

	@Override
	public Optional<LinePlace> refresh(Object resource, Object locker) {
		throw new UnsupportedOperationException("To be built");
	}

	@Override
	public boolean leave(Object resource, Object locker) {
		throw new UnsupportedOperationException("To be built");
	}

	@Override
	public List<LinePlace> places(Object resource) {
		throw new UnsupportedOperationException("To be built");
	}

}
