package io.locky.benchmark.experiment;

import java.util.List;

import io.locky.benchmark.experiment.JmhRun.JmhResult;
import io.locky.benchmark.library.Library;
import io.locky.benchmark.operation.PairBenchmark;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.redis.ServerLoadProfiler;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Plot;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Samples;
import io.locky.benchmark.report.Table;
import org.openjdk.jmh.annotations.Mode;

/**
 * Lock and unlock: how many pairs in a second, how long one takes, and what it costs.
 */
public final class Pairs implements Experiment {

	@Override
	public void run(Scale scale, Report report) throws Exception {
		List<Library> libraries = List.of(Library.values());
		try (BenchmarkRedis redis = BenchmarkRedis.start()) {
			throughput(scale, report, redis, libraries);
			latency(scale, report, redis, scale.pick(libraries.subList(0, 4), libraries, libraries));
		}
	}

	private static void throughput(Scale scale, Report report, BenchmarkRedis redis, List<Library> libraries)
			throws Exception {
		Table table = new Table("pairs", "lock + unlock", "threads", "pairs/s", "of bare", "Redis CPU µs",
				"in scripts µs", "commands", "published");
		Plot plot = new Plot("pairs", "Lock + unlock: pairs a second, 16 threads");
		for (int threads : scale.pick(List.of(2), List.of(1, 16, 64), List.of(1, 16, 64))) {
			Comparison<JmhResult> results = throughput(scale, redis, threads, libraries);
			Samples bare = results.of(Library.LETTUCE).perSecond();
			results.forEach((library, result) -> {
				Samples perSecond = result.perSecond();
				table.row(library.label(), threads, Figures.withSpread(perSecond), Figures.ratio(perSecond, bare),
						Figures.of(result.server(ServerLoadProfiler.CPU)),
						Figures.of(result.server(ServerLoadProfiler.SCRIPT)),
						Figures.of(result.server(ServerLoadProfiler.COMMANDS)),
						Figures.of(result.server(ServerLoadProfiler.PUBLISHED)));
				if (threads == 16) {
					plot.bar(library.label(), perSecond.median(), library.isLocky());
				}
			});
		}
		report.add(table);
		report.add(plot);
	}

	private static void latency(Scale scale, Report report, BenchmarkRedis redis, List<Library> libraries)
			throws Exception {
		Table table = new Table("pair", "one pair, 1 thread", "median µs", "of bare", "bytes", "of bare ");
		Comparison<JmhResult> results = latency(scale, redis, libraries);
		JmhResult bare = results.of(Library.LETTUCE);
		results.forEach((library, result) -> table.row(library.label(), Figures.withSpread(result.medianMicros()),
				Figures.ratio(result.medianMicros(), bare.medianMicros()), Figures.of(result.bytes().median()),
				Figures.of(result.bytes().dividedBy(bare.bytes()).median())));
		report.add(table);
	}

	static Comparison<JmhResult> throughput(Scale scale, BenchmarkRedis redis, int threads, List<Library> libraries)
			throws Exception {
		return new JmhRun(scale, redis, PairBenchmark.class, "pair").run(Mode.Throughput, threads, libraries);
	}

	static Comparison<JmhResult> latency(Scale scale, BenchmarkRedis redis, List<Library> libraries) throws Exception {
		return new JmhRun(scale, redis, PairBenchmark.class, "pair").run(Mode.SampleTime, 1, libraries);
	}

}
