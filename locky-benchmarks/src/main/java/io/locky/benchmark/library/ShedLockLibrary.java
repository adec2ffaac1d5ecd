package io.locky.benchmark.library;

import java.time.Duration;
import java.time.Instant;

import io.locky.benchmark.redis.BenchmarkRedis;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.redis.spring.RedisLockProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * ShedLock, which has no waiting and no renewal here.
 */
final class ShedLockLibrary implements LockLibrary {

	private static final Duration LEASE = Duration.ofSeconds(LEASE_SECONDS);

	private final LettuceConnectionFactory connections;

	private final RedisLockProvider locks;

	ShedLockLibrary(int port) {
		this.connections = BenchmarkRedis.connect(port);
		this.locks = new RedisLockProvider(this.connections);
	}

	@Override
	public @Nullable HeldLock tryLock(String resource) {
		SimpleLock lock = this.locks.lock(new LockConfiguration(Instant.now(), resource, LEASE, Duration.ZERO))
			.orElse(null);
		return (lock != null) ? lock::unlock : null;
	}

	@Override
	public void close() {
		this.connections.destroy();
	}

}
