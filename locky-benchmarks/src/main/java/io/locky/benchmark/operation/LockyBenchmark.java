package io.locky.benchmark.operation;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.benchmark.library.LockyApplication;
import io.locky.benchmark.redis.TargetRedis;
import io.locky.core.LockyTemplate;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Operations of Locky on a lock that is held, beside one command of the driver.
 */
@State(Scope.Benchmark)
public class LockyBenchmark {

	private static final String HELD = "article:held";

	@SuppressWarnings("NullAway.Init") // set before each run
	private LockyApplication application;

	@SuppressWarnings("NullAway.Init") // set before each run
	private StringRedisTemplate redis;

	@SuppressWarnings("NullAway.Init") // set before each run
	private LockyTemplate locks;

	/** Connects, and acquires a lock. */
	@Setup
	public void open() {
		this.application = LockyApplication.start(TargetRedis.port());
		this.redis = new StringRedisTemplate(this.application.connections());
		this.locks = this.application.locks();
		this.locks.lock(LockRequest.of(HELD).by("ann").ttl(Duration.ofHours(1)));
		this.redis.opsForValue().set(HELD, "ann");
	}

	/** Releases the lock, and disconnects. */
	@TearDown
	public void close() {
		this.locks.unlock(HELD);
		this.application.close();
	}

	/**
	 * Reads a key with the template: one round trip.
	 * @return its value
	 */
	@Benchmark
	public @Nullable String get() {
		return this.redis.opsForValue().get(HELD);
	}

	/**
	 * Reads the locker.
	 * @return the locker
	 */
	@Benchmark
	public @Nullable String getLocker() {
		return this.locks.getLocker(HELD);
	}

	/**
	 * Reads all of a lock.
	 * @return the lock
	 */
	@Benchmark
	public LockInfo find() {
		return this.locks.find(HELD).orElseThrow();
	}

	/**
	 * Resets the TTL.
	 * @return whether the lock is held
	 */
	@Benchmark
	public boolean refresh() {
		return this.locks.refresh(HELD, "ann");
	}

	/**
	 * Acquires a hundred locks in one step.
	 * @param hundred the locks
	 * @return whether all were free
	 */
	@Benchmark
	public boolean lockAll(Hundred hundred) {
		return this.locks.lockAll(hundred.names, "ann");
	}

	/**
	 * A hundred resources, whose locks are free before each call.
	 */
	@State(Scope.Thread)
	public static class Hundred {

		private final List<String> names = IntStream.range(0, 100).mapToObj((i) -> "of-hundred:" + i).toList();

		/**
		 * Releases what was acquired.
		 * @param benchmark has the template
		 */
		@TearDown(Level.Invocation)
		public void release(LockyBenchmark benchmark) {
			this.names.forEach(benchmark.locks::unlock);
		}

	}

}
