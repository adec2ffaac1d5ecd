package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

import io.locky.benchmark.library.LockLibrary;
import org.jspecify.annotations.Nullable;

/**
 * Threads that acquire and release free locks all the time, while something else is
 * measured, or where JMH does not reach.
 */
final class PairLoad implements AutoCloseable {

	private final LongAdder pairs = new LongAdder();

	private final AtomicBoolean closed = new AtomicBoolean();

	private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

	private final ExecutorService threads;

	PairLoad(LockLibrary locks, int count) {
		this.threads = Executors.newFixedThreadPool(count);
		for (int i = 0; i < count; i++) {
			int thread = i;
			this.threads.execute(() -> run(locks, thread));
		}
	}

	private void run(LockLibrary locks, int thread) {
		try {
			for (int i = 0; !this.closed.get(); i++) {
				Objects.requireNonNull(locks.tryLock("load:%d-%d".formatted(thread, i % 100))).unlock();
				this.pairs.increment();
			}
		}
		catch (RuntimeException ex) {
			this.failure.set(ex);
		}
	}

	/** How many pairs there are in a second while an action runs. */
	double during(Runnable action) {
		long before = this.pairs.sum();
		long start = System.nanoTime();
		action.run();
		double seconds = (System.nanoTime() - start) / 1e9;
		RuntimeException thrown = this.failure.get();
		if (thrown != null) {
			throw thrown;
		}
		return (this.pairs.sum() - before) / seconds;
	}

	double during(Duration length) {
		return during(() -> Pause.of(length));
	}

	@Override
	public void close() {
		this.closed.set(true);
		Threads.end(this.threads);
	}

}
