package io.locky.benchmark.experiment;

import java.util.List;

import io.locky.benchmark.experiment.HandOver.Waits;
import io.locky.benchmark.experiment.JmhRun.JmhResult;
import io.locky.benchmark.library.Library;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.redis.ServerLoadProfiler;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Table;
import org.jspecify.annotations.Nullable;

/**
 * The most important figures in one table, within three minutes.
 */
public final class QuickTable implements Experiment {

	private static final List<Library> COMPARED = List.of(Library.LETTUCE, Library.LETTUCE_RECORDED, Library.LOCKY,
			Library.LOCKY_BROADCAST, Library.REDISSON_LEASE, Library.REDISSON_WATCHDOG, Library.SHEDLOCK,
			Library.REGISTRY, Library.REGISTRY_PUBSUB);

	private static final List<Library> WAITING = List.of(Library.LOCKY, Library.REDISSON_LEASE,
			Library.REGISTRY_PUBSUB);

	@Override
	public void run(Scale scale, Report report) throws Exception {
		List<Library> compared = scale.pick(List.of(Library.LETTUCE, Library.LOCKY), COMPARED, COMPARED);
		List<Library> waiting = scale.pick(List.of(Library.LOCKY), WAITING, WAITING);
		try (BenchmarkRedis redis = BenchmarkRedis.start()) {
			Comparison<JmhResult> many = Pairs.throughput(scale, redis, 16, compared);
			Comparison<JmhResult> one = Pairs.latency(scale, redis, compared);
			Comparison<Waits> near = HandOver.measure(scale, redis, 1, waiting);
			Comparison<Waits> far = HandOver.measure(scale, redis, 4, waiting);
			Table table = new Table("quick", "library", "pairs/s, 16 threads", "of bare", "Redis CPU µs", "scripts µs",
					"commands", "published", "median µs, 1 thread", "of bare", "bytes", "of bare", "hand-over µs",
					"over 4 applications");
			for (Library library : compared) {
				table.row(row(library, many, one, near.find(library), far.find(library)));
			}
			report.add(table);
		}
	}

	private static Object[] row(Library library, Comparison<JmhResult> many, Comparison<JmhResult> one,
			@Nullable Waits near, @Nullable Waits far) {
		JmhResult pairs = many.of(library);
		JmhResult pair = one.of(library);
		JmhResult barePairs = many.of(Library.LETTUCE);
		JmhResult barePair = one.of(Library.LETTUCE);
		return new Object[] { library.label(), Figures.withSpread(pairs.perSecond()),
				Figures.ratio(pairs.perSecond(), barePairs.perSecond()),
				Figures.of(pairs.server(ServerLoadProfiler.CPU)), Figures.of(pairs.server(ServerLoadProfiler.SCRIPT)),
				Figures.of(pairs.server(ServerLoadProfiler.COMMANDS)),
				Figures.of(pairs.server(ServerLoadProfiler.PUBLISHED)), Figures.withSpread(pair.medianMicros()),
				Figures.ratio(pair.medianMicros(), barePair.medianMicros()), Figures.of(pair.bytes().median()),
				Figures.of(pair.bytes().dividedBy(barePair.bytes()).median()), handOver(near), handOver(far) };
	}

	private static String handOver(@Nullable Waits waits) {
		return (waits != null) ? Figures.of(waits.median()) + " / " + Figures.of(waits.p99()) : "";
	}

}
