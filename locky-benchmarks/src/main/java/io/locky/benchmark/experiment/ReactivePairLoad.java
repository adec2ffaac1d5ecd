package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import io.locky.benchmark.library.ReactiveLockLibrary;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Subscriptions that acquire and release free locks all the time, each one pair after the
 * other.
 */
final class ReactivePairLoad implements AutoCloseable {

	private final LongAdder pairs = new LongAdder();

	private final AtomicBoolean closed = new AtomicBoolean();

	private final CompletableFuture<Void> end;

	ReactivePairLoad(ReactiveLockLibrary locks, int callers) {
		this.end = Flux.range(0, callers).flatMap((caller) -> run(locks, caller), callers).then().toFuture();
	}

	private Mono<Void> run(ReactiveLockLibrary locks, int caller) {
		return Flux.range(0, Integer.MAX_VALUE)
			.takeWhile((i) -> !this.closed.get())
			.concatMap((i) -> locks.pair("load:%d-%d".formatted(caller, i % 100))
				.doOnSuccess((none) -> this.pairs.increment()))
			.then();
	}

	/** How many pairs there are in a second. */
	double during(Duration length) {
		long before = this.pairs.sum();
		long start = System.nanoTime();
		Pause.of(length);
		double seconds = (System.nanoTime() - start) / 1e9;
		if (this.end.isDone()) {
			this.end.join();
		}
		return (this.pairs.sum() - before) / seconds;
	}

	@Override
	public void close() {
		this.closed.set(true);
		try {
			this.end.orTimeout(20, TimeUnit.SECONDS).join();
		}
		catch (CompletionException ex) {
			throw new IllegalStateException("The load did not end well", ex.getCause());
		}
	}

}
