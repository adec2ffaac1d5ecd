package io.locky.sample;

import java.io.File;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplicationAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Processes the newsroom ahead of time, as the build of a native image does, and runs it
 * on the JVM.
 */
class ProcessedNewsroomTests {

	private static final String CLASS_PATH = System.getProperty("java.class.path");

	private static final Duration LONGEST = Duration.ofSeconds(120);

	private static final Pattern ADDRESS = Pattern.compile("The newsroom is open, .*(http://localhost:\\d+)");

	@TempDir
	private static Path directory;

	private final HttpClient client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

	@Test
	void locksWorkInAProcessedApplication() throws Exception {
		String[] arguments = { "--server.port=0", "--newsroom.redis-port=0", "--newsroom.press-time=* * * * * *",
				"--locky.ttl=1s", "--spring.main.log-startup-info=true",
				"--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" };
		process(arguments);
		Path output = directory.resolve("output.txt");
		Process newsroom = start(output, arguments);
		try {
			await().atMost(LONGEST).until(() -> address(output) != null || !newsroom.isAlive());
			assertThat(output).content().contains("Starting AOT-processed SampleApplication");
			URI address = URI.create(String.valueOf(address(output)));

			logIn(address);
			assertThat(send(address, "POST", "/locky/locks/acquire", "{\"resource\":\"article:1\"}"))
				.contains("\"resource\":\"article:1\",\"locker\":\"Ines\"");
			assertThat(send(address, "GET", "/locky/locks?resource=article:1", ""))
				.contains("\"held\":true,\"own\":true");
			assertThat(send(address, "GET", "/locky/locky.js", "")).contains("export");
			await().atMost(LONGEST)
				.untilAsserted(() -> assertThat(send(address, "GET", "/api/journal", ""))
					.containsPattern("\"what\":\"expired\",\"resource\":\"article:1\",\"locker\":\"Ines\"")
					.containsPattern("\"what\":\"acquired\",\"resource\":\"publish:")
					.containsPattern("\"what\":\"released\",\"resource\":\"publish:"));
		}
		finally {
			newsroom.destroy();
			assertThat(newsroom.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
	}

	private static void process(String... arguments) throws Exception {
		Path classes = Files.createDirectory(directory.resolve("classes"));
		Path sources = directory.resolve("sources");
		Path output = directory.resolve("processing.txt");
		List<String> all = new ArrayList<>(
				List.of(SpringApplicationAotProcessor.class.getName(), SampleApplication.class.getName(),
						sources.toString(), classes.toString(), classes.toString(), "io.locky", "newsroom"));
		all.addAll(List.of(arguments));
		Process processing = java(output, CLASS_PATH, all);
		assertThat(processing.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(processing.exitValue()).as(Files.readString(output)).isZero();
		List<String> command = new ArrayList<>(List.of("-d", classes.toString(), "-cp",
				classes + File.pathSeparator + CLASS_PATH, "-proc:none", "-nowarn", "-parameters"));
		try (Stream<Path> files = Files.walk(sources)) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(command::add);
		}
		assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new))).isZero();
	}

	private static Process start(Path output, String... arguments) throws IOException {
		List<String> all = new ArrayList<>(List.of("-Dspring.aot.enabled=true", SampleApplication.class.getName()));
		all.addAll(List.of(arguments));
		return java(output, directory.resolve("classes") + File.pathSeparator + CLASS_PATH, all);
	}

	/** Compiles quickly, because it does not run for long. */
	private static Process java(Path output, String classPath, List<String> arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-cp", classPath));
		command.addAll(arguments);
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
	}

	private static @Nullable String address(Path output) throws IOException {
		Matcher address = ADDRESS.matcher(Files.readString(output));
		return address.find() ? address.group(1) : null;
	}

	private void logIn(URI address) throws Exception {
		send(address, "GET", "/login.html", "");
		send(address, "POST", "/login", "username=Ines&password=newsroom&_csrf=" + token());
		send(address, "GET", "/api/me", "");
	}

	private String token() {
		CookieManager cookies = (CookieManager) this.client.cookieHandler().orElseThrow();
		return cookies.getCookieStore()
			.getCookies()
			.stream()
			.filter((cookie) -> "XSRF-TOKEN".equals(cookie.getName()))
			.map(HttpCookie::getValue)
			.findFirst()
			.orElse("");
	}

	private String send(URI address, String method, String path, String body) throws Exception {
		boolean json = body.startsWith("{");
		HttpResponse<String> answer = this.client.send(HttpRequest.newBuilder(address.resolve(path))
			.header("Content-Type", json ? "application/json" : "application/x-www-form-urlencoded")
			.header("X-XSRF-TOKEN", token())
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
		return answer.body();
	}

}
