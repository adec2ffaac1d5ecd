package io.locky.benchmark.library;

import java.time.Duration;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.core.LockyTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Locky with its defaults, which publishes expiries too.
 */
final class LockyLibrary implements LockLibrary {

	private static final Duration LONGEST_WAIT = Duration.ofDays(1);

	private final LockyApplication application;

	private final LockyTemplate locks;

	private final boolean renewed;

	private LockyLibrary(LettuceConnectionFactory connections, boolean broadcast, boolean renewed) {
		this.application = LockyApplication.start(connections, (settings) -> settings.broadcast(broadcast), (event) -> {
		});
		this.locks = this.application.locks();
		this.renewed = renewed;
	}

	static LockyLibrary plain(LettuceConnectionFactory connections) {
		return new LockyLibrary(connections, false, false);
	}

	static LockyLibrary broadcast(int port) {
		return new LockyLibrary(BenchmarkRedis.connect(port), true, false);
	}

	static LockyLibrary renewed(int port) {
		return new LockyLibrary(BenchmarkRedis.connect(port), false, true);
	}

	@Override
	public @Nullable HeldLock tryLock(String resource) {
		String locker = locker();
		if (this.renewed) {
			return handle(LockRequest.of(resource).by(locker).autoRenew());
		}
		return this.locks.lock(resource, locker) ? () -> this.locks.unlock(resource, locker) : null;
	}

	@Override
	public HeldLock lock(String resource) throws InterruptedException {
		LockRequest request = LockRequest.of(resource).by(locker()).waitUpTo(LONGEST_WAIT);
		HeldLock held = handle(this.renewed ? request.autoRenew() : request);
		if (held == null) {
			throw new InterruptedException();
		}
		return held;
	}

	private @Nullable HeldLock handle(LockRequest request) {
		return (this.locks.tryLock(request) instanceof LockAttempt.Acquired acquired) ? acquired.handle()::close : null;
	}

	private static String locker() {
		return Thread.currentThread().getName();
	}

	@Override
	public void close() {
		this.application.close();
	}

}
