package io.locky.benchmark.experiment;

import java.util.Objects;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.redis.ServerLoad;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Table;

/**
 * How much memory of Redis a held lock needs.
 */
public final class Memory implements Experiment {

	@Override
	public void run(Scale scale, Report report) {
		int count = scale.pick(20, 10_000, 20_000);
		Table table = new Table("memory", "%,d locks, names of 20 characters".formatted(count), "bytes a lock");
		try (BenchmarkRedis redis = BenchmarkRedis.start()) {
			for (Library library : Library.values()) {
				redis.clear();
				try (LockLibrary locks = library.open(redis.port())) {
					Objects.requireNonNull(locks.tryLock("warm-up")).unlock();
					long before = ServerLoad.read(redis.port()).memory();
					for (int i = 0; i < count; i++) {
						Objects.requireNonNull(locks.tryLock("article:%012d".formatted(i)));
					}
					table.row(library.label(), Figures.of((ServerLoad.read(redis.port()).memory() - before) / count));
				}
			}
		}
		report.add(table);
	}

}
