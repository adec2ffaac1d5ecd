package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.redis.BenchmarkCluster;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Samples;
import io.locky.benchmark.report.Table;

/**
 * Pairs on a Redis Cluster, and what an idle application sends.
 */
public final class Clusters implements Experiment {

	private static final int THREADS = 16;

	@Override
	public void run(Scale scale, Report report) {
		Table table = new Table("cluster", "Redis Cluster, 16 threads", "masters", "pairs/s", "commands a pair",
				"commands/s, idle");
		for (int masters : scale.pick(List.of(1), List.of(1, 3), List.of(1, 3))) {
			try (BenchmarkCluster cluster = new BenchmarkCluster(masters)) {
				for (Library library : List.of(Library.TEMPLATE, Library.LOCKY)) {
					try (LockLibrary locks = library.open(cluster.connect())) {
						measure(scale, cluster, table, library, locks, masters);
					}
				}
			}
		}
		report.add(table);
	}

	private static void measure(Scale scale, BenchmarkCluster cluster, Table table, Library library, LockLibrary locks,
			int masters) {
		List<Double> perSecond = new ArrayList<>();
		double pairs = 0;
		long commands;
		Duration length = Duration.ofMillis(scale.pick(10, 1000, 5000));
		try (PairLoad load = new PairLoad(locks, THREADS)) {
			load.during(length);
			commands = cluster.commands();
			for (int i = 0; i < scale.rounds(); i++) {
				double result = load.during(length);
				perSecond.add(result);
				pairs += result * length.toMillis() / 1e3;
			}
			commands = cluster.commands() - commands;
		}
		Pause.of(Duration.ofMillis(scale.pick(10, 1000, 2000)));
		Duration idle = Duration.ofMillis(scale.pick(10, 3000, 10_000));
		long before = cluster.commands();
		Pause.of(idle);
		table.row(library.label(), masters, Figures.withSpread(Samples.of(perSecond)),
				Figures.of(commands / Math.max(1, pairs)),
				Figures.of((cluster.commands() - before) * 1e3 / idle.toMillis()));
	}

}
