package io.locky.browser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * The npm package: its own tests, its types, and its size. What needs Node is skipped
 * without one, or fails if the environment says {@code LOCKY_NODE=required}.
 */
class BrowserPackageTests {

	private static final Path PACKAGE = Path.of("../locky-browser");

	private static final String NO_NODE = "No Node was found, so the tests of the npm package are skipped. "
			+ "Install Node 20, or name one: NODE=/path/to/node";

	/** The form helper is loaded by pages that use it. */
	private static final List<String> CORE = List.of("locky.js", "locky-http.js", "locky-live.js", "locky-leader.js",
			"locky-ticker.js");

	@Test
	void testsOfThePackagePass() throws IOException, InterruptedException {
		requireNode();
		List<String> arguments = new ArrayList<>(List.of("--test", "--test-reporter=spec"));
		try (Stream<Path> files = Files.list(PACKAGE.resolve("test"))) {
			files.filter((file) -> file.toString().endsWith(".test.js"))
				.forEach((file) -> arguments.add("test/" + file.getFileName()));
		}
		assertThat(NodeJs.run(PACKAGE, arguments)).contains("pass ").endsWith("exit code 0");
	}

	@Test
	void typesCompile(@TempDir Path directory) throws IOException, InterruptedException {
		requireNode();
		Path compiler = unpackCompiler(directory);
		assertThat(NodeJs.run(PACKAGE, List.of(compiler.toString(), "-p", "test/tsconfig.json")))
			.isEqualToIgnoringWhitespace("exit code 0");
	}

	/** As a bundler makes one file of it, with the long names. */
	@Test
	void moduleIsSmall() throws IOException {
		StringBuilder bundle = new StringBuilder();
		for (String file : CORE) {
			bundle.append(withoutComments(Files.readString(PACKAGE.resolve("src").resolve(file))));
		}
		assertThat(zipped(bundle.toString())).isLessThanOrEqualTo(8 * 1024);
	}

	private static void requireNode() {
		if (NodeJs.find().isEmpty() && !"required".equals(System.getenv("LOCKY_NODE"))) {
			System.out.println("[INFO] " + NO_NODE);
			abort(NO_NODE);
		}
	}

	private static Path unpackCompiler(Path directory) throws IOException {
		String compiler = "META-INF/resources/webjars/typescript/";
		JarURLConnection connection = (JarURLConnection) Objects
			.requireNonNull(BrowserPackageTests.class.getClassLoader().getResource(compiler))
			.openConnection();
		connection.setUseCaches(false);
		try (JarFile jar = connection.getJarFile()) {
			List<? extends ZipEntry> files = jar.stream()
				.filter((entry) -> entry.getName().matches(".*/lib/(lib\\..*\\.d\\.ts|tsc\\.js)"))
				.toList();
			for (ZipEntry entry : files) {
				try (InputStream content = jar.getInputStream(entry)) {
					Files.copy(content, directory.resolve(Path.of(entry.getName()).getFileName()));
				}
			}
		}
		return directory.resolve("tsc.js");
	}

	private static String withoutComments(String source) {
		return source.replaceAll("(?m)^\\s*(//|/\\*|\\*).*\\R", "").replaceAll("(?m)^\\s+", "");
	}

	private static int zipped(String text) throws IOException {
		ByteArrayOutputStream zipped = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
			gzip.write(text.getBytes());
		}
		return zipped.size();
	}

}
