package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.library.LockLibrary.HeldLock;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Samples;
import io.locky.benchmark.report.Table;

/**
 * A thousand threads of one application wait for a lock each. Another application
 * releases one lock after the other.
 */
public final class WaitersOnManyLocks implements Experiment {

	private static final List<Library> LIBRARIES = List.of(Library.LOCKY, Library.REDISSON_LEASE,
			Library.REGISTRY_PUBSUB);

	@Override
	public void run(Scale scale, Report report) throws Exception {
		int count = scale.pick(3, 200, 1000);
		Table table = new Table("many-locks", "waiters on a lock each", "waiters", "median µs", "p99 µs",
				"JVM while all wait, % of a core", "Redis, % of a core");
		try (BenchmarkRedis redis = BenchmarkRedis.start()) {
			for (Library library : LIBRARIES) {
				redis.clear();
				try (LockLibrary holder = library.open(redis.port()); LockLibrary waiter = library.open(redis.port())) {
					measure(scale, redis, holder, waiter, count).addTo(table, library, count);
				}
			}
		}
		report.add(table);
	}

	private static Result measure(Scale scale, BenchmarkRedis redis, LockLibrary holder, LockLibrary waiter, int count)
			throws Exception {
		List<HeldLock> held = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			held.add(Objects.requireNonNull(holder.tryLock("article:" + i)));
		}
		long[] released = new long[count];
		CountDownLatch started = new CountDownLatch(count);
		ExecutorService threads = Executors.newFixedThreadPool(count);
		List<Future<Double>> grants = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int number = i;
			grants.add(threads.submit(() -> {
				started.countDown();
				HeldLock lock = waiter.lock("article:" + number);
				double micros = (System.nanoTime() - released[number]) / 1e3;
				lock.unlock();
				return micros;
			}));
		}
		started.await();
		Pause.of(Duration.ofMillis(scale.pick(50, 2000, 4000)));
		ProcessLoad idle = ProcessLoad.during(redis, Duration.ofMillis(scale.pick(10, 1000, 5000)));
		for (int i = 0; i < count; i++) {
			released[i] = System.nanoTime();
			held.get(i).unlock();
		}
		List<Double> micros = new ArrayList<>();
		for (Future<Double> grant : grants) {
			micros.add(grant.get(1, TimeUnit.MINUTES));
		}
		threads.shutdown();
		return new Result(Samples.of(micros), idle);
	}

	private record Result(Samples micros, ProcessLoad idle) {

		void addTo(Table table, Library library, int count) {
			table.row(library.label(), count, Figures.of(this.micros.median()), Figures.of(this.micros.percentile(99)),
					Figures.of(this.idle.jvmPercent()), Figures.of(this.idle.serverPercent()));
		}

	}

}
