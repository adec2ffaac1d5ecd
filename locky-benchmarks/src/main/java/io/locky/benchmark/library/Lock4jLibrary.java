package io.locky.benchmark.library;

import java.util.List;

import com.baomidou.lock.LockInfo;
import com.baomidou.lock.LockTemplate;
import com.baomidou.lock.executor.RedisTemplateLockExecutor;
import com.baomidou.lock.spring.boot.autoconfigure.Lock4jProperties;
import io.locky.benchmark.redis.BenchmarkRedis;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * The lock template of lock4j, over Spring Data Redis. It polls for a lock that is held.
 */
final class Lock4jLibrary implements LockLibrary {

	/** It tries once, and waits for its retry interval even then. */
	private static final long NO_WAIT = 0;

	private final LettuceConnectionFactory connections;

	private final LockTemplate locks;

	Lock4jLibrary(int port) {
		this.connections = BenchmarkRedis.connect(port);
		Lock4jProperties properties = new Lock4jProperties();
		this.locks = new LockTemplate();
		this.locks.setProperties(properties);
		this.locks.setExecutors(
				List.of(new RedisTemplateLockExecutor(new StringRedisTemplate(this.connections), properties)));
		try {
			this.locks.afterPropertiesSet();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public @Nullable HeldLock tryLock(String resource) {
		LockInfo lock = this.locks.lock(resource, LEASE_SECONDS * 1000L, NO_WAIT);
		return (lock != null) ? () -> this.locks.releaseLock(lock) : null;
	}

	@Override
	public void close() {
		this.connections.destroy();
	}

}
