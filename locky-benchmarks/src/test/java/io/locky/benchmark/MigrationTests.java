package io.locky.benchmark;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject.Kind;
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
 * The page about migrating shows code of other libraries, which compiles with them. Its
 * code with Locky is compiled with that of all other pages.
 */
class MigrationTests {

	private static final Pattern BEFORE = Pattern.compile("(?ms)^```java before\\n(.*?)^```");

	static List<String> before() throws IOException {
		String page = Files.readString(Path.of("..", "docs", "migration.md"));
		return BEFORE.matcher(page).results().map((MatchResult block) -> block.group(1)).toList();
	}

	@Test
	void eachLibraryHasCode() throws IOException {
		assertThat(before()).hasSize(4);
	}

	@ParameterizedTest
	@MethodSource("before")
	void codeBeforeTheMigrationCompiles(String code, @TempDir Path output) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StringWriter errors = new StringWriter();
		List<String> options = List.of("-proc:none", "--release", "17", "-classpath",
				System.getProperty("java.class.path", ""), "-d", output.toString());
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, UTF_8)) {
			boolean compiled = compiler.getTask(errors, files, null, options, List.of(), List.of(new Source(code)))
				.call();
			assertThat(compiled).as(errors::toString).isTrue();
		}
	}

	private static final class Source extends SimpleJavaFileObject {

		private final String code;

		Source(String code) {
			super(URI.create("string:///Before.java"), Kind.SOURCE);
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
