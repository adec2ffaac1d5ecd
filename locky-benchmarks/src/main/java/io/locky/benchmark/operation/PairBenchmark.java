package io.locky.benchmark.operation;

import java.util.Objects;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.redis.TargetRedis;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Acquires a free lock and releases it: the pair that every other figure is compared
 * with.
 */
@State(Scope.Benchmark)
public class PairBenchmark {

	/** The library. */
	@Param
	@SuppressWarnings("NullAway.Init") // set by JMH
	Library library;

	@SuppressWarnings("NullAway.Init") // set before each run
	private LockLibrary locks;

	/** Connects. */
	@Setup
	public void open() {
		this.locks = this.library.open(TargetRedis.port());
	}

	/** Disconnects. */
	@TearDown
	public void close() {
		this.locks.close();
	}

	/**
	 * Locks and unlocks.
	 * @param resources those of this thread
	 */
	@Benchmark
	public void pair(Resources resources) {
		Objects.requireNonNull(this.locks.tryLock(resources.next()), "The lock is held").unlock();
	}

}
