package io.locky.benchmark.library;

import java.time.Duration;
import java.util.concurrent.locks.Lock;

import io.locky.benchmark.redis.BenchmarkRedis;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.CannotAcquireLockException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.redis.util.RedisLockRegistry.RedisLockType;

/**
 * The lock registry of Spring Integration. Threads of one application contend for a local
 * lock first.
 */
final class RegistryLibrary implements LockLibrary {

	private final LettuceConnectionFactory connections;

	private final RedisLockRegistry registry;

	private RegistryLibrary(int port, RedisLockType type) {
		this.connections = BenchmarkRedis.connect(port);
		this.registry = new RedisLockRegistry(this.connections, "locks", Duration.ofSeconds(LEASE_SECONDS));
		this.registry.setRedisLockType(type);
	}

	static RegistryLibrary polling(int port) {
		return new RegistryLibrary(port, RedisLockType.SPIN_LOCK);
	}

	static RegistryLibrary subscribed(int port) {
		return new RegistryLibrary(port, RedisLockType.PUB_SUB_LOCK);
	}

	@Override
	public @Nullable HeldLock tryLock(String resource) {
		while (true) {
			Lock lock = this.registry.obtain(resource);
			try {
				return lock.tryLock() ? lock::unlock : null;
			}
			catch (CannotAcquireLockException ex) {
				obtainAgain(ex);
			}
		}
	}

	@Override
	public HeldLock lock(String resource) throws InterruptedException {
		while (true) {
			Lock lock = this.registry.obtain(resource);
			try {
				lock.lockInterruptibly();
				return lock::unlock;
			}
			catch (CannotAcquireLockException ex) {
				obtainAgain(ex);
			}
		}
	}

	/**
	 * While its map of locks grows, the registry may miss one that is in it. Its message
	 * asks to obtain the lock again.
	 */
	private static void obtainAgain(CannotAcquireLockException failure) {
		if (!(failure.getCause() instanceof IllegalStateException)) {
			throw failure;
		}
	}

	@Override
	public void close() {
		this.registry.destroy();
		this.connections.destroy();
	}

}
