package io.locky.benchmark.library;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * The scripts of {@link LettuceLibrary}, sent by a {@link StringRedisTemplate}.
 */
final class TemplateLibrary implements LockLibrary {

	private static final RedisScript<Long> LOCK = RedisScript.of(LettuceLibrary.LOCK, Long.class);

	private static final RedisScript<Long> UNLOCK = RedisScript.of(LettuceLibrary.UNLOCK, Long.class);

	private static final String LEASE = Integer.toString(LEASE_SECONDS * 1000);

	private final LettuceConnectionFactory connections;

	private final StringRedisTemplate redis;

	private final String locker = UUID.randomUUID().toString();

	TemplateLibrary(LettuceConnectionFactory connections) {
		this.connections = connections;
		this.redis = new StringRedisTemplate(this.connections);
	}

	@Override
	public @Nullable HeldLock tryLock(String resource) {
		List<String> keys = List.of(resource);
		Long granted = this.redis.execute(LOCK, keys, this.locker, LEASE);
		if (granted == null || granted == 0) {
			return null;
		}
		return () -> this.redis.execute(UNLOCK, keys, this.locker);
	}

	@Override
	public void close() {
		this.connections.destroy();
	}

}
