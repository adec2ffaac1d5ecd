package io.locky.internal.people;

import java.util.List;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import io.locky.people.LockPresence;
import io.locky.people.Presence;
import io.locky.people.PresenceState;

/**
 * Who is looking at resources, in Redis.
 */
final class RedisLockPresence implements LockPresence {

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockyEventPublisher events;

	/**
	 * Creates it.
	 * @param scripts runs scripts
	 * @param keys the names of the keys
	 * @param events publishes events
	 */
	RedisLockPresence(ScriptRunner scripts, LockyKeys keys, LockyEventPublisher events) {
		this.scripts = scripts;
		this.keys = keys;
		this.events = events;
	}

	@Override
	public List<Presence> enter(Object resource, Object person, String page, PresenceState state) {
		throw new UnsupportedOperationException("To be built");
	}

	@Override
	public boolean leave(Object resource, Object person, String page) {
		throw new UnsupportedOperationException("To be built");
	}

	@Override
	public List<Presence> present(Object resource) {
		throw new UnsupportedOperationException("To be built");
	}

}
