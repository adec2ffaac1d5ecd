package io.locky.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.locky.benchmark.experiment.Clusters;
import io.locky.benchmark.experiment.Experiment;
import io.locky.benchmark.experiment.ExpiryBurst;
import io.locky.benchmark.experiment.ExpiryLag;
import io.locky.benchmark.experiment.Fleet;
import io.locky.benchmark.experiment.HandOver;
import io.locky.benchmark.experiment.LockerQueries;
import io.locky.benchmark.experiment.ManyHeld;
import io.locky.benchmark.experiment.Memory;
import io.locky.benchmark.experiment.Operations;
import io.locky.benchmark.experiment.Pairs;
import io.locky.benchmark.experiment.People;
import io.locky.benchmark.experiment.QuickTable;
import io.locky.benchmark.experiment.ReactivePairs;
import io.locky.benchmark.experiment.Renewals;
import io.locky.benchmark.experiment.Scale;
import io.locky.benchmark.experiment.StartUp;
import io.locky.benchmark.experiment.UnevenCrowd;
import io.locky.benchmark.experiment.WaitersOnManyLocks;
import io.locky.benchmark.report.Environment;
import io.locky.benchmark.report.Report;

/**
 * The command line of the benchmarks: it measures what its arguments name.
 */
public final class Benchmarks {

	private static final String COMMAND = "mvn -q -pl locky-benchmarks -am test-compile exec:exec@run -Drun=\"%s\"";

	private static final Path PAGE = Path.of("docs", "performance.md");

	private Benchmarks() {
	}

	/**
	 * All experiments, by the names that the command line takes.
	 * @return the experiments, in the order in which they run
	 */
	public static Map<String, Experiment> all() {
		Map<String, Experiment> all = new LinkedHashMap<>();
		all.put("pairs", new Pairs());
		all.put("reactive", new ReactivePairs());
		all.put("operations", new Operations());
		all.put("hand-over", new HandOver());
		all.put("many-locks", new WaitersOnManyLocks());
		all.put("uneven", new UnevenCrowd());
		all.put("renewals", new Renewals());
		all.put("held", new ManyHeld());
		all.put("lockers", new LockerQueries());
		all.put("expiry-lag", new ExpiryLag());
		all.put("burst", new ExpiryBurst());
		all.put("memory", new Memory());
		all.put("fleet", new Fleet());
		all.put("cluster", new Clusters());
		all.put("start-up", new StartUp());
		all.put("people", new People());
		return all;
	}

	/**
	 * Measures.
	 * @param args what to measure
	 */
	public static void main(String[] args) {
		try {
			measure(args);
		}
		catch (Exception ex) {
			ex.printStackTrace();
			// Threads of the libraries may still run.
			System.exit(1);
		}
	}

	private static void measure(String[] args) throws Exception {
		List<String> words = new ArrayList<>(Arrays.asList(args));
		boolean quick = words.remove("--quick");
		boolean full = words.remove("--full");
		boolean write = words.remove("--write") || full;
		Map<String, Experiment> wanted = wanted(words, quick, full);
		if (wanted.isEmpty()) {
			System.out.println(usage());
			return;
		}
		Environment environment = Environment.current(COMMAND.formatted(String.join(" ", args)));
		Report report = new Report(System.out);
		report.say(environment.text());
		for (Map.Entry<String, Experiment> experiment : wanted.entrySet()) {
			long start = System.nanoTime();
			experiment.getValue().run(quick ? Scale.QUICK : Scale.FULL, report);
			report.say("(%s: %d s)%n".formatted(experiment.getKey(),
					Duration.ofNanos(System.nanoTime() - start).toSeconds()));
			if (write) {
				report.writeTo(PAGE, environment.markdown());
			}
		}
	}

	private static Map<String, Experiment> wanted(List<String> names, boolean quick, boolean full) {
		Map<String, Experiment> wanted = all();
		if (!wanted.keySet().containsAll(names)) {
			return Map.of();
		}
		if (names.isEmpty() && !full) {
			return quick ? Map.of("quick", new QuickTable()) : Map.of();
		}
		if (!full) {
			wanted.keySet().retainAll(names);
		}
		return wanted;
	}

	private static String usage() {
		return """
				--quick           one table with ratios, within three minutes
				--full            everything, written into docs/performance.md
				NAME ...          only what is named: %s
				--write NAME ...  the same, written into docs/performance.md
				--quick NAME ...  the same, less thoroughly""".formatted(String.join(", ", all().keySet()));
	}

}
