package io.locky.benchmark;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.locky.benchmark.experiment.Experiment;
import io.locky.benchmark.experiment.QuickTable;
import io.locky.benchmark.experiment.Scale;
import io.locky.benchmark.library.Library;
import io.locky.benchmark.report.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every benchmark runs, once and tiny, and the documentation has a place for its tables.
 * The figures mean nothing here.
 */
class BenchmarksTests {

	private static final String MEASURED = "*Measured here.*\n";

	private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

	private final Report report = new Report(new PrintStream(this.printed, true, StandardCharsets.UTF_8));

	@ParameterizedTest
	@MethodSource
	void documentationHasPlaceForResults(String name, Experiment experiment, @TempDir Path docs) throws Exception {
		experiment.run(Scale.SMOKE, this.report);
		Files.createDirectory(docs.resolve("pictures"));
		Path page = Files.copy(Path.of("..", "docs", "performance.md"), docs.resolve("performance.md"));
		this.report.writeTo(page, MEASURED);
		assertThat(page).content().contains(MEASURED);
	}

	static Stream<Object[]> documentationHasPlaceForResults() {
		return Benchmarks.all().entrySet().stream().map((entry) -> new Object[] { entry.getKey(), entry.getValue() });
	}

	@Test
	void quickTableComparesLibraries() throws Exception {
		new QuickTable().run(Scale.SMOKE, this.report);
		assertThat(this.printed.toString(StandardCharsets.UTF_8)).contains(Library.LETTUCE.label(),
				Library.LOCKY.label());
	}

}
