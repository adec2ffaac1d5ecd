package io.locky.benchmark.library;

import java.util.UUID;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import io.locky.benchmark.redis.BenchmarkRedis;
import reactor.core.publisher.Mono;

/**
 * The scripts of {@link LettuceLibrary}, sent by the reactive commands of the driver.
 */
final class ReactiveLettuceLibrary implements ReactiveLockLibrary {

	private static final String LEASE = Integer.toString(LockLibrary.LEASE_SECONDS * 1000);

	private final RedisClient client;

	private final StatefulRedisConnection<String, String> connection;

	private final RedisReactiveCommands<String, String> redis;

	private final String lockScript;

	private final String unlockScript;

	private final String locker = UUID.randomUUID().toString();

	ReactiveLettuceLibrary(int port) {
		this.client = RedisClient.create(RedisURI.create(BenchmarkRedis.HOST, port));
		this.connection = this.client.connect();
		this.redis = this.connection.reactive();
		this.lockScript = this.connection.sync().scriptLoad(LettuceLibrary.LOCK);
		this.unlockScript = this.connection.sync().scriptLoad(LettuceLibrary.UNLOCK);
	}

	@Override
	public Mono<Void> pair(String resource) {
		String[] keys = { resource };
		return run(this.lockScript, keys, this.locker, LEASE).then(run(this.unlockScript, keys, this.locker)).then();
	}

	private Mono<Long> run(String script, String[] keys, String... arguments) {
		return this.redis.<Long>evalsha(script, ScriptOutputType.INTEGER, keys, arguments)
			.single()
			.filter((result) -> result == 1)
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("Held: " + keys[0])));
	}

	@Override
	public void close() {
		this.connection.close();
		this.client.shutdown();
	}

}
