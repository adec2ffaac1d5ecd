package io.locky.benchmark.library;

import java.time.Duration;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.core.LockyTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Locky with its defaults: a started template, which publishes expiries too.
 */
final class LockyLibrary implements LockLibrary {

	private static final Duration LONGEST_WAIT = Duration.ofDays(1);

	private final LettuceConnectionFactory connections;

	private final LockyTemplate locks;

	private final boolean renewed;

	LockyLibrary(int port, boolean broadcast) {
		this(port, broadcast, false);
	}

	private LockyLibrary(int port, boolean broadcast, boolean renewed) {
		this.connections = BenchmarkRedis.connect(port);
		LockySettings settings = LockySettings.builder()
			.ttl(Duration.ofSeconds(LEASE_SECONDS))
			.broadcast(broadcast)
			.build();
		this.locks = new LockyTemplate(new StringRedisTemplate(this.connections), settings, (event) -> {
		});
		this.locks.start();
		this.renewed = renewed;
	}

	static LockyLibrary renewed(int port) {
		return new LockyLibrary(port, false, true);
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
	public HeldLock lock(String resource) {
		LockRequest request = LockRequest.of(resource).by(locker()).waitUpTo(LONGEST_WAIT);
		HeldLock held = handle(this.renewed ? request.autoRenew() : request);
		if (held == null) {
			throw new IllegalStateException("Waited a day, or was interrupted");
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
		this.locks.close();
		this.connections.destroy();
	}

}
