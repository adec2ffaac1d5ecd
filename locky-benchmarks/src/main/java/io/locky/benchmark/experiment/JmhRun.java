package io.locky.benchmark.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.redis.ServerLoadProfiler;
import io.locky.benchmark.redis.TargetRedis;
import io.locky.benchmark.report.Samples;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs one method of a JMH class in several rounds. A full run forks a JVM each time; a
 * quick one stays in this JVM, where the code is warm after the first round.
 */
final class JmhRun {

	private final Scale scale;

	private final BenchmarkRedis redis;

	private final Class<?> type;

	private final String method;

	JmhRun(Scale scale, BenchmarkRedis redis, Class<?> type, String method) {
		this.scale = scale;
		this.redis = redis;
		this.type = type;
		this.method = method;
		// Others may measure on this machine too; the printed load says so.
		System.setProperty("jmh.ignoreLock", "true");
	}

	/** Measures libraries, which the class takes as its parameter. */
	Comparison<JmhResult> run(Mode mode, int threads, Collection<Library> libraries) throws Exception {
		return Comparison.of(this.scale.rounds(), libraries,
				(library, round) -> run(options(mode, threads, round).param("library", library.name())),
				JmhResult::new);
	}

	/** Measures a method that has no parameter. */
	JmhResult run(Mode mode, int threads) throws RunnerException {
		List<RunResult> rounds = new ArrayList<>();
		for (int round = 0; round < this.scale.rounds(); round++) {
			rounds.add(run(options(mode, threads, round)));
		}
		return new JmhResult(rounds);
	}

	private RunResult run(ChainedOptionsBuilder options) throws RunnerException {
		this.redis.clear();
		return new Runner(options.build()).runSingle();
	}

	private ChainedOptionsBuilder options(Mode mode, int threads, int round) {
		return new OptionsBuilder().include("^" + this.type.getName() + "\\." + this.method + "$")
			.mode(mode)
			.timeUnit((mode == Mode.Throughput) ? TimeUnit.SECONDS : TimeUnit.MICROSECONDS)
			.threads(threads)
			.forks(this.scale.pick(0, 0, 1))
			.jvmArgsAppend(TargetRedis.use(this.redis))
			.warmupIterations(this.scale.pick(0, 1, 2))
			.warmupTime(TimeValue.milliseconds((round == 0) ? 2000 : this.scale.pick(0, 200, 2000)))
			.measurementIterations(this.scale.pick(1, 1, 2))
			.measurementTime(TimeValue.milliseconds(this.scale.pick(10, 500, 1500)))
			.addProfiler(GCProfiler.class)
			.addProfiler(ServerLoadProfiler.class)
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT);
	}

	/**
	 * The results of all rounds.
	 *
	 * @param rounds what JMH measured in each of them
	 */
	record JmhResult(List<RunResult> rounds) {

		/** Operations in a second. */
		Samples perSecond() {
			return samples((round) -> round.getPrimaryResult().getScore());
		}

		/** The median time of an operation in microseconds. */
		Samples medianMicros() {
			return samples((round) -> round.getPrimaryResult().getStatistics().getPercentile(50));
		}

		/** Bytes that are allocated for an operation, by all threads of the JVM. */
		Samples bytes() {
			return samples(secondary("gc.alloc.rate.norm"));
		}

		/** The median of what the server reported. */
		double server(String label) {
			return samples(secondary(label)).median();
		}

		private static ToDoubleFunction<RunResult> secondary(String label) {
			return (round) -> Objects.requireNonNull(round.getSecondaryResults().get(label)).getScore();
		}

		private Samples samples(ToDoubleFunction<RunResult> value) {
			return Samples.of(this.rounds.stream().mapToDouble(value).toArray());
		}

	}

}
