package io.locky.benchmark.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.library.LockLibrary.HeldLock;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Plot;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Samples;
import io.locky.benchmark.report.Table;

/**
 * How long it takes from the release of a lock to the next grant, if many wait for it.
 * All of them wait when the first one releases; each holds the lock once.
 */
public final class HandOver implements Experiment {

	private static final int WAITERS = 32;

	private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long UNTIL_ALL_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

	@Override
	public void run(Scale scale, Report report) throws Exception {
		Table table = new Table("hand-over", "hand-over, 32 waiters", "applications", "median µs", "p99 µs",
				"median, spread", "p99, spread");
		Plot plot = new Plot("hand-over", "From release to the next grant, 32 waiters in 4 applications, median in µs");
		try (BenchmarkRedis redis = BenchmarkRedis.start()) {
			for (int applications : scale.pick(List.of(4), List.of(1, 4), List.of(1, 4))) {
				measure(scale, redis, applications, waiting()).forEach((library, waits) -> {
					table.row(library.label(), applications, Figures.of(waits.median()), Figures.of(waits.p99()),
							Figures.withSpread(waits.medians()), Figures.withSpread(waits.p99s()));
					if (applications == 4) {
						plot.bar(library.label(), waits.median(), library.isLocky());
					}
				});
			}
		}
		report.add(table);
		report.add(plot);
	}

	private static List<Library> waiting() {
		return List.of(Library.values()).stream().filter(Library::waits).toList();
	}

	static Comparison<Waits> measure(Scale scale, BenchmarkRedis redis, int applications, List<Library> libraries)
			throws Exception {
		return Comparison.of(scale.rounds(), libraries, (library, round) -> {
			redis.clear();
			try (Crowd crowd = new Crowd(redis, library, applications)) {
				crowd.measure((round == 0) ? scale.pick(0, 5, 30) : 1);
				return Samples.of(crowd.measure(scale.pick(1, 10, 60)));
			}
		}, Waits::new);
	}

	/**
	 * The times of all rounds in microseconds.
	 *
	 * @param rounds the times of each
	 */
	record Waits(List<Samples> rounds) {

		Samples medians() {
			return Samples.of(this.rounds.stream().mapToDouble(Samples::median).toArray());
		}

		Samples p99s() {
			return Samples.of(this.rounds.stream().mapToDouble((round) -> round.percentile(99)).toArray());
		}

		double median() {
			return medians().median();
		}

		double p99() {
			return p99s().median();
		}

	}

	/** Threads that wait for one lock, in turn in each of the applications. */
	private static final class Crowd implements AutoCloseable {

		private final List<LockLibrary> applications = new ArrayList<>();

		private final ExecutorService threads = Executors.newFixedThreadPool(WAITERS);

		private final CyclicBarrier start = new CyclicBarrier(WAITERS + 1);

		/** Written by the holder before it releases, read by the next one. */
		private volatile long released;

		Crowd(BenchmarkRedis redis, Library library, int applications) {
			for (int i = 0; i < applications; i++) {
				this.applications.add(library.open(redis.port()));
			}
		}

		List<Double> measure(int turns) throws Exception {
			List<Double> micros = new ArrayList<>();
			for (int turn = 0; turn < turns; turn++) {
				HeldLock first = this.applications.get(0).lock("article:wanted");
				List<Future<Double>> grants = new ArrayList<>();
				for (int i = 0; i < WAITERS; i++) {
					LockLibrary application = this.applications.get(i % this.applications.size());
					grants.add(this.threads.submit(() -> waitAndHold(application)));
				}
				this.start.await();
				LockSupport.parkNanos(UNTIL_ALL_WAIT_NANOS);
				this.released = System.nanoTime();
				first.unlock();
				for (Future<Double> grant : grants) {
					micros.add(grant.get(1, TimeUnit.MINUTES));
				}
			}
			return micros;
		}

		private double waitAndHold(LockLibrary application) throws Exception {
			this.start.await();
			HeldLock lock = application.lock("article:wanted");
			double micros = (System.nanoTime() - this.released) / 1e3;
			LockSupport.parkNanos(HOLD_NANOS);
			this.released = System.nanoTime();
			lock.unlock();
			return micros;
		}

		@Override
		public void close() {
			this.threads.shutdownNow();
			this.applications.forEach(LockLibrary::close);
		}

	}

}
