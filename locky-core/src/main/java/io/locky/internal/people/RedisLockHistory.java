package io.locky.internal.people;

import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import io.locky.people.HoldPage;
import io.locky.people.LockHistory;

import org.jspecify.annotations.Nullable;

/**
 * The history of locks, in Redis.
 */
final class RedisLockHistory implements LockHistory {

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	/**
	 * Creates it.
	 * @param scripts runs scripts
	 * @param keys the names of the keys
	 */
	RedisLockHistory(ScriptRunner scripts, LockyKeys keys) {
		this.scripts = scripts;
		this.keys = keys;
	}

	@Override
	public HoldPage history(Object resource, @Nullable Long before, int size) {
		throw new UnsupportedOperationException("To be built");
	}

}
