package io.locky.benchmark.library;

import java.util.concurrent.TimeUnit;

import io.locky.benchmark.redis.BenchmarkRedis;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/**
 * The reentrant lock of Redisson, with a lease, or renewed by its watchdog.
 */
final class RedissonLibrary implements LockLibrary {

	/** The lease that starts the watchdog. */
	static final long WATCHDOG = -1;

	private static final int SUBSCRIPTIONS_PER_CONNECTION = 50;

	private final RedissonClient redisson;

	private final long lease;

	RedissonLibrary(int port, long lease) {
		this.redisson = connect(port);
		this.lease = lease;
	}

	static RedissonClient connect(int port) {
		Config config = new Config();
		// By default, threads can wait for 250 locks at once.
		config.useSingleServer()
			.setAddress("redis://" + BenchmarkRedis.HOST + ":" + port)
			.setSubscriptionsPerConnection(SUBSCRIPTIONS_PER_CONNECTION);
		return Redisson.create(config);
	}

	@Override
	public @Nullable HeldLock tryLock(String resource) {
		RLock lock = this.redisson.getLock(resource);
		try {
			return lock.tryLock(0, this.lease, TimeUnit.SECONDS) ? lock::unlock : null;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public HeldLock lock(String resource) throws InterruptedException {
		RLock lock = this.redisson.getLock(resource);
		lock.lockInterruptibly(this.lease, TimeUnit.SECONDS);
		return lock::unlock;
	}

	@Override
	public void close() {
		this.redisson.shutdown();
	}

}
