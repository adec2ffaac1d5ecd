package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.locky.benchmark.library.LockyApplication;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Samples;
import io.locky.benchmark.report.Table;
import io.locky.event.LockExpiredEvent;

/**
 * How late expiries are published when very many locks expire within seconds, and what
 * each costs Redis.
 */
public final class ExpiryBurst implements Experiment {

	private static final int PARTS = 100;

	@Override
	public void run(Scale scale, Report report) throws Exception {
		int locks = scale.pick(100, 100_000, 1_000_000);
		Duration window = Duration.ofMillis(scale.pick(100, 4000, 8000));
		Table table = new Table("burst", "%,d locks that expire within %s s".formatted(locks, window.toSeconds()),
				"workers", "median ms", "p99 ms", "Redis CPU µs an expiry", "each once");
		for (int workers : scale.pick(List.of(2), List.of(1, 4), List.of(1, 4))) {
			try (BenchmarkRedis redis = BenchmarkRedis.start()) {
				new Burst(locks, window).measure(redis, workers, table);
			}
		}
		report.add(table);
	}

	private static final class Burst {

		private final Duration window;

		private final long[] lags;

		private final AtomicInteger published = new AtomicInteger();

		private final AtomicLong sum = new AtomicLong();

		private final CountDownLatch all;

		Burst(int locks, Duration window) {
			this.window = window;
			this.lags = new long[locks];
			this.all = new CountDownLatch(locks);
		}

		void measure(BenchmarkRedis redis, int workers, Table table) throws Exception {
			int locks = this.lags.length;
			long first = System.currentTimeMillis() + PARTS * 100 + 3 * millisToAcquire(redis, locks) / 2;
			HeldLocks.acquire(redis, locks, "20", PARTS, (part) -> {
				long left = first + this.window.toMillis() * part / PARTS - System.currentTimeMillis();
				return Duration.ofMillis(Math.max(1, left));
			});
			long left = first - System.currentTimeMillis();
			if (left < 500) {
				throw new IllegalStateException("This machine is too slow: locks expired while others were acquired");
			}
			List<LockyApplication> applications = IntStream.range(0, workers)
				.mapToObj((i) -> LockyApplication.start(BenchmarkRedis.connect(redis.port()), (settings) -> settings,
						(event) -> {
							if (event instanceof LockExpiredEvent expired) {
								record(expired);
							}
						}))
				.toList();
			Pause.of(Duration.ofMillis(first - System.currentTimeMillis() - 200));
			ProcessLoad load = ProcessLoad.during(redis,
					() -> this.all.await(this.window.toMillis() + 60_000, TimeUnit.MILLISECONDS));
			applications.forEach(LockyApplication::close);
			Samples late = Samples.of(Arrays.stream(this.lags).asDoubleStream().toArray());
			boolean onceEach = this.published.get() == locks && this.sum.get() == (long) locks * (locks - 1) / 2;
			table.row("Locky", workers, Figures.of(late.median()), Figures.of(late.percentile(99)),
					Figures.of(load.server().cpuMicros() / locks), onceEach ? "yes" : "no");
		}

		/** An estimate, from a tenth of the locks, which are deleted again. */
		private static long millisToAcquire(BenchmarkRedis redis, int locks) {
			long start = System.nanoTime();
			HeldLocks.acquire(redis, locks / 10, "20");
			long tenth = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
			redis.clear();
			return 10 * tenth;
		}

		private void record(LockExpiredEvent event) {
			int place = this.published.getAndIncrement();
			this.sum.addAndGet(Long.parseLong(event.getResource().substring("article:".length())));
			if (place < this.lags.length) {
				this.lags[place] = System.currentTimeMillis() - event.getOccurredAt().toEpochMilli();
			}
			this.all.countDown();
		}

	}

}
