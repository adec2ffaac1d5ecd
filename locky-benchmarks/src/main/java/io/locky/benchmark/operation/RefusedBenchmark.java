package io.locky.benchmark.operation;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.redis.TargetRedis;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Tries to acquire a lock that another application holds.
 */
@State(Scope.Benchmark)
public class RefusedBenchmark {

	/** The library. */
	@Param
	@SuppressWarnings("NullAway.Init") // set by JMH
	Library library;

	@SuppressWarnings("NullAway.Init") // set before each run
	private LockLibrary locks;

	@SuppressWarnings("NullAway.Init") // set before each run
	private LockLibrary other;

	private int iteration;

	private String held = "";

	/** Connects two applications. */
	@Setup
	public void open() {
		this.locks = this.library.open(TargetRedis.port());
		this.other = this.library.open(TargetRedis.port());
	}

	/** Another lock for each iteration, so that its lease does not end meanwhile. */
	@Setup(Level.Iteration)
	public void hold() {
		this.iteration++;
		this.held = "held:%d-%d".formatted(System.nanoTime(), this.iteration);
		this.other.tryLock(this.held);
	}

	/** Disconnects. */
	@TearDown
	public void close() {
		this.other.close();
		this.locks.close();
	}

	/** Tries once. */
	@Benchmark
	public void refused() {
		if (this.locks.tryLock(this.held) != null) {
			throw new IllegalStateException("The lock was free");
		}
	}

}
