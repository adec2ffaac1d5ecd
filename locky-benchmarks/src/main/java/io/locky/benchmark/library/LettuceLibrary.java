package io.locky.benchmark.library;

import java.util.UUID;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.locky.benchmark.redis.BenchmarkRedis;
import org.jspecify.annotations.Nullable;

/**
 * Two scripts over one connection, and nothing else: what no library on this driver can
 * undercut.
 */
final class LettuceLibrary implements LockLibrary {

	static final String LOCK = "if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end return 0";

	static final String UNLOCK = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

	/** Also a record, a deadline and a fence, without any check. */
	private static final String LOCK_WITH_RECORD = """
			local time = redis.call('TIME')
			local fence, now = time[1] .. string.sub('00000' .. time[2], -6), time[1] * 1000
			if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
			redis.call('HSET', KEYS[2], KEYS[1], '["' .. ARGV[1] .. '","' .. fence .. '",' .. now .. ',' .. ARGV[2] .. ']')
			redis.call('ZADD', KEYS[3], now + ARGV[2], KEYS[1])
			redis.call('SET', KEYS[4], fence)
			return 1
			""";

	private static final String UNLOCK_WITH_RECORD = """
			if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
			redis.call('HDEL', KEYS[2], KEYS[1])
			redis.call('ZREM', KEYS[3], KEYS[1])
			return redis.call('DEL', KEYS[1])
			""";

	private static final String LEASE = Integer.toString(LEASE_SECONDS * 1000);

	private final RedisClient client;

	private final StatefulRedisConnection<String, String> connection;

	private final RedisCommands<String, String> redis;

	private final String lockScript;

	private final String unlockScript;

	private final boolean recorded;

	private final String locker = UUID.randomUUID().toString();

	private LettuceLibrary(int port, String lock, String unlock, boolean recorded) {
		this.client = RedisClient.create(RedisURI.create(BenchmarkRedis.HOST, port));
		this.connection = this.client.connect();
		this.redis = this.connection.sync();
		this.lockScript = this.redis.scriptLoad(lock);
		this.unlockScript = this.redis.scriptLoad(unlock);
		this.recorded = recorded;
	}

	static LettuceLibrary smallest(int port) {
		return new LettuceLibrary(port, LOCK, UNLOCK, false);
	}

	static LettuceLibrary recorded(int port) {
		return new LettuceLibrary(port, LOCK_WITH_RECORD, UNLOCK_WITH_RECORD, true);
	}

	@Override
	public @Nullable HeldLock tryLock(String resource) {
		String[] keys = this.recorded ? new String[] { resource, "records", "deadlines", "fence" }
				: new String[] { resource };
		Long granted = this.redis.evalsha(this.lockScript, ScriptOutputType.INTEGER, keys, this.locker, LEASE);
		if (granted == 0) {
			return null;
		}
		return () -> this.redis.evalsha(this.unlockScript, ScriptOutputType.INTEGER, keys, this.locker);
	}

	@Override
	public void close() {
		this.connection.close();
		this.client.shutdown();
	}

}
