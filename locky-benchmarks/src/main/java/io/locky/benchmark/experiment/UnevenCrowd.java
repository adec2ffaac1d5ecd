package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.library.LockLibrary.HeldLock;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Table;

/**
 * A thousand threads want one lock, one of them alone in its application, the others in
 * three more. A thread that had the lock waits for it again at once.
 */
public final class UnevenCrowd implements Experiment {

	private static final List<Library> LIBRARIES = List.of(Library.LOCKY, Library.REDISSON_LEASE,
			Library.REGISTRY_PUBSUB);

	private static final String WANTED = "article:wanted";

	@Override
	public void run(Scale scale, Report report) throws Exception {
		int each = scale.pick(2, 100, 333);
		Table table = new Table("uneven", "waiters: 1, %d, %d, %d".formatted(each, each, each), "grants/s",
				"grants of a waiter, by application", "commands a grant", "JVM while all wait, % of a core",
				"Redis, % of a core");
		try (BenchmarkRedis redis = BenchmarkRedis.start()) {
			for (Library library : LIBRARIES) {
				redis.clear();
				try (Crowd crowd = new Crowd(redis, library, List.of(1, each, each, each))) {
					crowd.measure(scale, table, library);
				}
			}
		}
		report.add(table);
	}

	private static final class Crowd implements AutoCloseable {

		private final BenchmarkRedis redis;

		private final List<Integer> sizes;

		private final List<LockLibrary> applications = new ArrayList<>();

		private final List<LongAdder> grants = new ArrayList<>();

		private final ExecutorService threads = Executors.newCachedThreadPool();

		private volatile boolean closed;

		Crowd(BenchmarkRedis redis, Library library, List<Integer> sizes) {
			this.redis = redis;
			this.sizes = sizes;
			for (int i = 0; i < sizes.size(); i++) {
				this.applications.add(library.open(redis.port()));
				this.grants.add(new LongAdder());
			}
		}

		void measure(Scale scale, Table table, Library library) throws Exception {
			HeldLock first = this.applications.get(0).lock(WANTED);
			for (int i = 0; i < this.sizes.size(); i++) {
				int application = i;
				for (int j = 0; j < this.sizes.get(i); j++) {
					this.threads.execute(() -> run(application));
				}
			}
			Pause.of(Duration.ofMillis(scale.pick(50, 2000, 5000)));
			ProcessLoad idle = ProcessLoad.during(this.redis, Duration.ofMillis(scale.pick(10, 1000, 5000)));
			first.unlock();
			ProcessLoad busy = ProcessLoad.during(this.redis, Duration.ofMillis(scale.pick(100, 3000, 10_000)));
			double all = Math.max(1, this.grants.stream().mapToLong(LongAdder::sum).sum());
			String shares = IntStream.range(0, this.sizes.size())
				.mapToObj((i) -> Figures.of(this.grants.get(i).doubleValue() / this.sizes.get(i)))
				.collect(Collectors.joining(" · "));
			table.row(library.label(), Figures.of(all / busy.seconds()), shares,
					Figures.of(busy.commandsPerSecond() * busy.seconds() / all), Figures.of(idle.jvmPercent()),
					Figures.of(idle.serverPercent()));
		}

		private void run(int application) {
			try {
				while (!this.closed) {
					HeldLock lock = this.applications.get(application).lock(WANTED);
					this.grants.get(application).increment();
					lock.unlock();
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		@Override
		public void close() {
			this.closed = true;
			Threads.end(this.threads);
			this.applications.forEach(LockLibrary::close);
		}

	}

}
