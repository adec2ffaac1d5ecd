package io.locky.benchmark;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import io.locky.benchmark.experiment.Experiment;
import io.locky.benchmark.experiment.QuickTable;
import io.locky.benchmark.experiment.Scale;
import io.locky.benchmark.library.Library;
import io.locky.benchmark.report.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every benchmark runs, once and tiny. The figures mean nothing here.
 */
class BenchmarksTests {

	private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

	private final Report report = new Report(new PrintStream(this.printed, true, StandardCharsets.UTF_8));

	@ParameterizedTest
	@MethodSource
	void experimentPrintsTable(String name, Experiment experiment) throws Exception {
		experiment.run(Scale.SMOKE, this.report);
		assertThat(printed()).contains("---");
	}

	static Stream<Object[]> experimentPrintsTable() {
		return Benchmarks.all().entrySet().stream().map((entry) -> new Object[] { entry.getKey(), entry.getValue() });
	}

	@Test
	void quickTableComparesLibraries() throws Exception {
		new QuickTable().run(Scale.SMOKE, this.report);
		assertThat(printed()).contains(Library.LETTUCE.label(), Library.LOCKY.label(), Library.REDISSON_LEASE.label());
	}

	private String printed() {
		return this.printed.toString(StandardCharsets.UTF_8);
	}

}
