package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.library.ReactiveLockLibrary;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Samples;
import io.locky.benchmark.report.Table;

/**
 * Lock and unlock by subscriptions and by threads: how many pairs in a second.
 */
public final class ReactivePairs implements Experiment {

	private static final String BARE = "Lettuce, bare reactive EVALSHA";

	private static final String BLOCKING = "Locky, a thread for each caller";

	private static final String REACTIVE = "Locky, reactive";

	@Override
	public void run(Scale scale, Report report) throws Exception {
		Table table = new Table("reactive", "lock + unlock", "callers", "pairs/s", "of bare", "of threads");
		try (BenchmarkRedis redis = BenchmarkRedis.start();
				ReactiveLockLibrary bare = ReactiveLockLibrary.bare(redis.port());
				LockLibrary blocking = Library.LOCKY.open(redis.port());
				ReactiveLockLibrary reactive = ReactiveLockLibrary.locky(redis.port())) {
			for (int callers : scale.pick(List.of(2), List.of(1, 16, 256), List.of(1, 16, 256))) {
				Map<String, Measurement> all = new LinkedHashMap<>();
				all.put(BARE, () -> subscriptions(scale, bare, callers));
				all.put(BLOCKING, () -> threads(scale, blocking, callers));
				all.put(REACTIVE, () -> subscriptions(scale, reactive, callers));
				measure(scale, table, callers, all);
			}
		}
		report.add(table);
	}

	/** All of them take turns in each round. */
	private static void measure(Scale scale, Table table, int callers, Map<String, Measurement> all) {
		Map<String, List<Double>> measured = new LinkedHashMap<>();
		for (int round = 0; round < scale.rounds(); round++) {
			all.forEach((label, measurement) -> measured.computeIfAbsent(label, (key) -> new ArrayList<>())
				.add(measurement.perSecond()));
		}
		Map<String, Samples> results = new LinkedHashMap<>();
		measured.forEach((label, values) -> results.put(label, Samples.of(values)));
		Samples bare = Objects.requireNonNull(results.get(BARE));
		Samples threads = Objects.requireNonNull(results.get(BLOCKING));
		results.forEach((label, perSecond) -> table.row(label, callers, Figures.withSpread(perSecond),
				Figures.ratio(perSecond, bare), Figures.ratio(perSecond, threads)));
	}

	private static double subscriptions(Scale scale, ReactiveLockLibrary locks, int callers) {
		try (ReactivePairLoad load = new ReactivePairLoad(locks, callers)) {
			load.during(length(scale));
			return load.during(length(scale));
		}
	}

	private static double threads(Scale scale, LockLibrary locks, int callers) {
		try (PairLoad load = new PairLoad(locks, callers)) {
			load.during(length(scale));
			return load.during(length(scale));
		}
	}

	private static Duration length(Scale scale) {
		return Duration.ofMillis(scale.pick(10, 1000, 5000));
	}

	private interface Measurement {

		double perSecond();

	}

}
