package io.locky;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compiles every example of the documentation.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static List<Path> pages() throws IOException {
		List<Path> pages = new ArrayList<>(
				Stream.of("README.md", "CONTRIBUTING.md", "locky-sample-app/README.md").map(ROOT::resolve).toList());
		for (String folder : List.of("docs", "docs/decisions")) {
			if (Files.exists(ROOT.resolve(folder))) {
				try (DirectoryStream<Path> found = Files.newDirectoryStream(ROOT.resolve(folder), "*.md")) {
					found.forEach(pages::add);
				}
			}
		}
		return pages.stream().filter(Files::exists).map(ROOT::relativize).sorted().toList();
	}

	static List<Example> examples() throws IOException {
		List<Example> examples = new ArrayList<>();
		for (Path page : pages()) {
			examples.addAll(Example.of(page));
		}
		return examples;
	}

	@Test
	void examplesAreFound() throws IOException {
		assertThat(examples()).hasSizeGreaterThanOrEqualTo(10);
	}

	static List<Path> pagesWithExamples() throws IOException {
		return examples().stream().map(Example::page).distinct().toList();
	}

	@ParameterizedTest
	@MethodSource("pagesWithExamples")
	void pageWithExamplesShowsImportsAtLeastOnce(Path page) throws IOException {
		assertThat(Example.of(page)).as("The Java examples of %s, one of them with its imports", page)
			.anyMatch(Example::hasImports);
	}

	@ParameterizedTest
	@MethodSource("examples")
	void exampleCompiles(Example example, @TempDir Path output) throws IOException {
		JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "The tests need a JDK");
		DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
		List<String> options = List.of("-proc:none", "--release", "17", "-classpath",
				System.getProperty("java.class.path", ""), "-d", output.toString());
		try (StandardJavaFileManager files = compiler.getStandardFileManager(found, Locale.ROOT, UTF_8)) {
			List<Source> sources = List.of(new Source(example.source()));
			boolean compiled = compiler.getTask(new StringWriter(), files, found, options, List.of(), sources).call();
			assertThat(compiled).as(() -> example.errors(found)).isTrue();
		}
	}

	/**
	 * A block of code in a page. With imports it is compiled as it stands; without them,
	 * imports are added, and a class around statements and members.
	 *
	 * @param page the page
	 * @param line the line of the page that the code starts at
	 * @param code the code
	 */
	record Example(Path page, long line, String code) {

		/**
		 * Not those "before": the module with the libraries that they use compiles them.
		 * Not those to "run", which are parts of tests: see {@code TestingPageTests}.
		 */
		private static final Pattern BLOCK = Pattern
			.compile("(?ms)^[ \\t]*```java\\b(?! before| run)[^\\n]*\\n(.*?)^[ \\t]*```");

		private static final Pattern IMPORT = Pattern.compile("(?m)^[ \\t]*import ");

		private static final Pattern TYPE = Pattern
			.compile("(?m)^(?:[a-z-]+ )*(?:class|record|interface|enum|@interface) \\w");

		private static final Pattern MEMBERS = Pattern.compile(
				"^(?:\\s|//.*)*(?:@|(?!new )(?:[\\w.<>\\[\\],?]+ )+\\w+\\(.*\\) (?:throws .+ )?\\{\\s*$)",
				Pattern.MULTILINE);

		private static final String IMPORTS = Stream
			.of("io.locky.*", "io.locky.annotation.*", "io.locky.core.*", "io.locky.event.*", "java.time.*",
					"java.util.*", "org.springframework.context.event.EventListener",
					"org.springframework.stereotype.Service")
			.map("import %s;"::formatted)
			.collect(Collectors.joining());

		private static final String GIVEN = "class Given { LockyTemplate locks; long article, user; }";

		static List<Example> of(Path page) throws IOException {
			String text = Files.readString(ROOT.resolve(page));
			return BLOCK.matcher(text).results().map((block) -> {
				long line = text.substring(0, block.start(1)).lines().count() + 1;
				return new Example(page, line, block.group(1));
			}).toList();
		}

		boolean hasImports() {
			return IMPORT.matcher(this.code).find();
		}

		/** What is added stands in the first and the last line: line numbers stay. */
		String source() {
			if (hasImports()) {
				return this.code;
			}
			if (TYPE.matcher(this.code).find()) {
				return IMPORTS + this.code;
			}
			boolean members = MEMBERS.matcher(this.code).lookingAt();
			String body = members ? this.code : "void run(LockyTemplate locks) throws Exception {" + this.code + "}";
			return IMPORTS + "class Example extends Given {" + body + "}" + GIVEN;
		}

		String errors(DiagnosticCollector<JavaFileObject> found) {
			return found.getDiagnostics()
				.stream()
				.map((error) -> at(error.getLineNumber()) + ": " + error.getMessage(Locale.ROOT))
				.collect(Collectors.joining("\n", "The example at " + this + " does not compile:\n", ""));
		}

		private String at(long sourceLine) {
			return this.page + ":" + (this.line + sourceLine - 1);
		}

		@Override
		public String toString() {
			return at(1);
		}

	}

	private static final class Source extends SimpleJavaFileObject {

		private final String code;

		Source(String code) {
			super(URI.create("string:///Example.java"), Kind.SOURCE);
			this.code = code;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.code;
		}

		@Override
		public boolean isNameCompatible(String simpleName, Kind kind) {
			return true;
		}

	}

}
