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

	private static final String LEASE = Integer.toString(LEASE_SECONDS * 1000);

	private final RedisClient client;

	private final StatefulRedisConnection<String, String> connection;

	private final RedisCommands<String, String> redis;

	private final String lockScript;

	private final String unlockScript;

	private final String locker = UUID.randomUUID().toString();

	LettuceLibrary(int port) {
		this.client = RedisClient.create(RedisURI.create(BenchmarkRedis.HOST, port));
		this.connection = this.client.connect();
		this.redis = this.connection.sync();
		this.lockScript = this.redis.scriptLoad(LOCK);
		this.unlockScript = this.redis.scriptLoad(UNLOCK);
	}

	@Override
	public @Nullable HeldLock tryLock(String resource) {
		String[] keys = { resource };
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
