package io.locky.benchmark.library;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.redisson.api.RFencedLock;
import org.redisson.api.RedissonClient;

/**
 * The lock of Redisson with a fencing token, as every lock of Locky has one.
 */
final class RedissonFencedLibrary implements LockLibrary {

	private final RedissonClient redisson;

	RedissonFencedLibrary(int port) {
		this.redisson = RedissonLibrary.connect(port);
	}

	@Override
	public @Nullable HeldLock tryLock(String resource) {
		RFencedLock lock = this.redisson.getFencedLock(resource);
		Long token = lock.tryLockAndGetToken(0, LEASE_SECONDS, TimeUnit.SECONDS);
		return (token != null) ? lock::unlock : null;
	}

	@Override
	public HeldLock lock(String resource) {
		RFencedLock lock = this.redisson.getFencedLock(resource);
		lock.lockAndGetToken(LEASE_SECONDS, TimeUnit.SECONDS);
		return lock::unlock;
	}

	@Override
	public void close() {
		this.redisson.shutdown();
	}

}
