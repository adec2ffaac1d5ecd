package io.locky.benchmark.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Samples;
import io.locky.benchmark.report.Table;

/**
 * The time of a pair while few and while very many locks are held, on servers that take
 * turns.
 */
public final class ManyHeld implements Experiment {

	@Override
	public void run(Scale scale, Report report) throws Exception {
		List<Integer> held = scale.pick(List.of(10), List.of(1000, 100_000), List.of(1000, 100_000, 1_000_000));
		List<Server> servers = new ArrayList<>();
		for (int count : held) {
			servers.add(new Server(count));
		}
		for (int round = 0; round < scale.pick(1, 5, 10); round++) {
			servers.forEach((server) -> server.measure(scale.pick(2, 1000, 5000)));
		}
		Table table = new Table("held", "locks held", "pair, median µs", "of the first");
		Samples first = servers.get(0).medians();
		for (Server server : servers) {
			table.row("%,d".formatted(server.held), Figures.withSpread(server.medians()),
					Figures.ratio(server.medians(), first));
			server.close();
		}
		report.add(table);
	}

	private static final class Server implements AutoCloseable {

		private final int held;

		private final BenchmarkRedis redis = BenchmarkRedis.start();

		private final LockLibrary locks;

		private final List<Double> medians = new ArrayList<>();

		Server(int held) {
			this.held = held;
			HeldLocks.acquire(this.redis, held, "20");
			this.locks = Library.LOCKY.open(this.redis.port());
		}

		void measure(int pairs) {
			List<Double> micros = new ArrayList<>();
			for (int i = 0; i < pairs; i++) {
				long start = System.nanoTime();
				Objects.requireNonNull(this.locks.tryLock("new:" + i)).unlock();
				micros.add((System.nanoTime() - start) / 1e3);
			}
			this.medians.add(Samples.of(micros).median());
		}

		Samples medians() {
			return Samples.of(this.medians);
		}

		@Override
		public void close() {
			this.locks.close();
			this.redis.close();
		}

	}

}
