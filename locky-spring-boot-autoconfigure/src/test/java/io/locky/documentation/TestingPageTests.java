package io.locky.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of some pages are parts of the classes of this package, which the build
 * compiles and runs.
 */
class TestingPageTests {

	private static final Pattern BLOCK = Pattern.compile("(?ms)^```java run\\n(.*?)^```");

	private static final Path SOURCES = Path.of("src/test/java/io/locky/documentation");

	@ParameterizedTest
	@ValueSource(strings = { "testing.md", "reactive.md" })
	void examplesAreTestsThatRun(String page) throws IOException {
		String sources = sources();
		List<String> examples = BLOCK.matcher(Files.readString(Path.of("../docs", page)))
			.results()
			.map((block) -> withoutIndentation(block.group(1)))
			.toList();
		assertThat(examples).hasSizeGreaterThanOrEqualTo(8)
			.allSatisfy((example) -> assertThat(sources).contains(example));
	}

	@Test
	void examplesHaveAtMostTenLines() throws IOException {
		List<String> methods = BLOCK.matcher(Files.readString(Path.of("../docs/testing.md")))
			.results()
			.map((block) -> block.group(1))
			.filter((block) -> block.startsWith("@Test\n"))
			.toList();
		assertThat(methods).hasSizeGreaterThanOrEqualTo(5)
			.allSatisfy((method) -> assertThat(method.lines()).hasSizeLessThanOrEqualTo(10));
	}

	private static String sources() throws IOException {
		try (Stream<Path> files = Files.list(SOURCES)) {
			StringBuilder all = new StringBuilder();
			for (Path file : files.sorted().toList()) {
				all.append(withoutIndentation(Files.readString(file)));
			}
			return all.toString();
		}
	}

	/** The formatter separates imports of Spring by an empty line. */
	private static String withoutIndentation(String code) {
		return code.lines()
			.map(String::strip)
			.filter((line) -> !line.isEmpty())
			.collect(Collectors.joining("\n", "", "\n"));
	}

}
