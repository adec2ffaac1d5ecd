package io.locky.benchmark.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.locky.benchmark.experiment.JmhRun.JmhResult;
import io.locky.benchmark.library.Library;
import io.locky.benchmark.operation.LockyBenchmark;
import io.locky.benchmark.operation.RefusedBenchmark;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.redis.ServerLoadProfiler;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Samples;
import io.locky.benchmark.report.Table;
import org.openjdk.jmh.annotations.Mode;

/**
 * Operations other than the pair, with one thread: an attempt that is refused, of all
 * libraries, and those of Locky.
 */
public final class Operations implements Experiment {

	private static final Map<String, String> OF_LOCKY = new LinkedHashMap<>();
	static {
		OF_LOCKY.put("get", "GET with StringRedisTemplate");
		OF_LOCKY.put("getLocker", "getLocker");
		OF_LOCKY.put("find", "find");
		OF_LOCKY.put("refresh", "refresh");
		OF_LOCKY.put("lockAll", "lockAll, 100 locks");
	}

	@Override
	public void run(Scale scale, Report report) throws Exception {
		try (BenchmarkRedis redis = BenchmarkRedis.start()) {
			refused(scale, report, redis);
			ofLocky(scale, report, redis);
		}
	}

	private static void refused(Scale scale, Report report, BenchmarkRedis redis) throws Exception {
		List<Library> libraries = scale.pick(List.of(Library.LETTUCE, Library.LOCKY), List.of(Library.values()),
				List.of(Library.values()));
		Table table = new Table("refused", "an attempt that is refused", "median µs", "of bare", "bytes",
				"in scripts µs", "commands");
		Comparison<JmhResult> results = new JmhRun(scale, redis, RefusedBenchmark.class, "refused").run(Mode.SampleTime,
				1, libraries);
		Samples bare = results.of(Library.LETTUCE).medianMicros();
		results.forEach((library, result) -> add(table, library.label(), result, bare));
		report.add(table);
	}

	private static void ofLocky(Scale scale, Report report, BenchmarkRedis redis) throws Exception {
		Table table = new Table("operations", "operation of Locky", "median µs", "of a GET", "bytes", "in scripts µs",
				"commands");
		Samples get = null;
		for (Map.Entry<String, String> operation : OF_LOCKY.entrySet()) {
			JmhResult result = new JmhRun(scale, redis, LockyBenchmark.class, operation.getKey()).run(Mode.SampleTime,
					1);
			get = (get != null) ? get : result.medianMicros();
			add(table, operation.getValue(), result, get);
		}
		report.add(table);
	}

	private static void add(Table table, String label, JmhResult result, Samples base) {
		table.row(label, Figures.withSpread(result.medianMicros()), Figures.ratio(result.medianMicros(), base),
				Figures.of(result.bytes().median()), Figures.of(result.server(ServerLoadProfiler.SCRIPT)),
				Figures.of(result.server(ServerLoadProfiler.COMMANDS)));
	}

}
