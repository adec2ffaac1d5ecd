package io.locky.core;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.locky.testing.EmbeddedRedis;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * No reactive operation blocks the thread that subscribes to it.
 */
@Timeout(180)
class ReactiveNonBlockingTests {

	private static List<String> lines = List.of();

	@BeforeAll
	static void runProbe() throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.start()) {
			Process probe = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-XX:+AllowRedefinitionToAddDeleteMethods", "-XX:+EnableDynamicAgentLoading", "-Xmx256m", "-cp",
					System.getProperty("java.class.path"), ReactiveBlockingProbe.class.getName(),
					String.valueOf(redis.port()))
				.redirectErrorStream(true)
				.start();
			// An operation that hangs must not keep the test, which reads until the end.
			CompletableFuture<Process> end = probe.onExit().orTimeout(150, TimeUnit.SECONDS);
			end.exceptionally((late) -> probe.destroyForcibly());
			try {
				lines = new String(probe.getInputStream().readAllBytes(), UTF_8).lines().toList();
				assertThat(probe.waitFor()).as(() -> String.join("\n", lines)).isZero();
			}
			finally {
				probe.destroyForcibly();
			}
		}
	}

	@Test
	void noOperationBlocksItsSubscriber() {
		assertThat(lines).filteredOn((line) -> line.startsWith(ReactiveBlockingProbe.ENDED)).hasSizeGreaterThan(30);
		assertThat(lines).filteredOn((line) -> line.startsWith(ReactiveBlockingProbe.BLOCKED) && !isExpected(line))
			.isEmpty();
	}

	@Test
	void blockingTemplateIsFoundToBlock() {
		assertThat(lines).anyMatch(ReactiveNonBlockingTests::isExpected);
	}

	private static boolean isExpected(String line) {
		return line.startsWith(ReactiveBlockingProbe.BLOCKED + ReactiveBlockingProbe.BLOCKING);
	}

}
