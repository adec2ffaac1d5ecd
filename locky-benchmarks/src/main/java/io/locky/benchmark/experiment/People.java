package io.locky.benchmark.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.locky.PeopleSettings;
import io.locky.benchmark.library.LockyApplication;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Samples;
import io.locky.benchmark.report.Table;
import io.locky.people.PresenceState;

/**
 * What the parts for people add to a lock and unlock: while they are switched off, while
 * they are switched on, and while somebody uses them for another resource.
 */
public final class People implements Experiment {

	@Override
	public void run(Scale scale, Report report) throws Exception {
		int pairs = scale.pick(20, 2000, 10_000);
		Table table = new Table("people", "lock + unlock", "median µs", "of the first", "commands", "in scripts µs");
		try (BenchmarkRedis redis = BenchmarkRedis.start()) {
			List<Variant> variants = variants(redis);
			for (int round = 0; round < scale.pick(1, 5, 10); round++) {
				for (Variant variant : variants) {
					variant.measure(redis, pairs);
				}
			}
			Samples first = Samples.of(variants.get(0).medians);
			for (Variant variant : variants) {
				Samples medians = Samples.of(variant.medians);
				table.row(variant.label, Figures.withSpread(medians), Figures.ratio(medians, first),
						Figures.of(Samples.of(variant.commands).median()),
						Figures.of(Samples.of(variant.scriptMicros).median()));
				variant.application.close();
			}
		}
		report.add(table);
	}

	private static List<Variant> variants(BenchmarkRedis redis) {
		PeopleSettings none = PeopleSettings.NONE;
		PeopleSettings lines = none.with(PeopleSettings.Line.DEFAULT);
		PeopleSettings history = none.with(PeopleSettings.History.DEFAULT);
		Variant used = new Variant("presence and requests in use", redis, none, (locks) -> {
			locks.locks().presence().enter("other", "ann", "", PresenceState.VIEWING);
			locks.locks().lock("other", "bob");
			locks.locks().handovers().ask("other", "ann", "please", null);
			return locks;
		});
		return List.of(new Variant("all off", redis, none, (locks) -> locks), used,
				new Variant("lines on", redis, lines, (locks) -> locks),
				new Variant("lines on, somebody waits elsewhere", redis, lines, (locks) -> {
					locks.locks().line().join("other", "ann");
					return locks;
				}), new Variant("history on", redis, history, (locks) -> locks));
	}

	/** An application of its own, which takes turns with the others. */
	private static final class Variant {

		private final String label;

		private final LockyApplication application;

		private final List<Double> medians = new ArrayList<>();

		private final List<Double> commands = new ArrayList<>();

		private final List<Double> scriptMicros = new ArrayList<>();

		Variant(String label, BenchmarkRedis redis, PeopleSettings settings, UnaryOperator<LockyApplication> use) {
			this.label = label;
			this.application = use.apply(LockyApplication.start(BenchmarkRedis.connect(redis.port()),
					(builder) -> builder.prefix(label.replaceAll("\\W", "-") + ":").people(settings), (event) -> {
					}));
		}

		void measure(BenchmarkRedis redis, int pairs) throws Exception {
			List<Double> micros = new ArrayList<>(pairs);
			ProcessLoad load = ProcessLoad.during(redis, () -> {
				for (int i = 0; i < pairs; i++) {
					long start = System.nanoTime();
					if (!this.application.locks().lock("article:" + i, "20")) {
						throw new IllegalStateException("article:%d is held".formatted(i));
					}
					this.application.locks().unlock("article:" + i, "20");
					micros.add((System.nanoTime() - start) / 1e3);
				}
			});
			this.medians.add(Samples.of(micros).median());
			this.commands.add((load.server().plainCommands() + load.server().scripts()) / (double) pairs);
			this.scriptMicros.add(load.server().scriptMicros() / (double) pairs);
		}

	}

}
