package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Table;

/**
 * What it costs to keep very many locks alive, over one and a half leases.
 */
public final class Renewals implements Experiment {

	@Override
	public void run(Scale scale, Report report) throws Exception {
		int count = scale.pick(5, 2000, 10_000);
		Duration window = Duration.ofMillis(scale.pick(20, 15_000, 45_000));
		Table table = new Table("renewals", "renewal of a lock every 10 s", "locks", "commands/s", "scripts/s",
				"Redis, % of a core", "JVM, % of a core");
		try (BenchmarkRedis redis = BenchmarkRedis.start()) {
			for (Library library : List.of(Library.LOCKY_RENEWED, Library.REDISSON_WATCHDOG)) {
				redis.clear();
				try (LockLibrary locks = library.open(redis.port())) {
					for (int i = 0; i < count; i++) {
						Objects.requireNonNull(locks.tryLock("article:" + i));
					}
					ProcessLoad load = ProcessLoad.during(redis, window);
					table.row(library.label(), count, Figures.of(load.commandsPerSecond()),
							Figures.of(load.server().scripts() / load.seconds()), Figures.of(load.serverPercent()),
							Figures.of(load.jvmPercent()));
				}
			}
		}
		report.add(table);
	}

}
