package io.locky.internal.expiration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.locky.core.LockyTemplate;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Instances in their own processes, one of which is killed.
 */
class KilledInstanceTests {

	private static final Duration AT_MOST = Duration.ofSeconds(120);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final List<Process> processes = new ArrayList<>();

	@TempDir
	private Path directory;

	@AfterEach
	void endProcesses() {
		this.processes.forEach(Process::destroyForcibly);
		this.fixture.close();
	}

	@Test
	void claimsOfKilledInstanceArePublishedOnceByTheOthers() throws Exception {
		Path victim = start("victim", "stuck=true", "locky.expiration.listener-threads=1");
		await().atMost(AT_MOST).until(() -> lines(victim).contains(ListeningApplication.READY));
		expire("stuck");
		await().atMost(AT_MOST).until(() -> received(victim).contains("stuck"));
		expire("claimed:1", "claimed:2");
		await().atMost(AT_MOST).until(() -> unacked() == 3);
		assertThat(this.processes.get(0).destroyForcibly().waitFor()).isNotZero();
		assertThat(received(victim)).containsExactly("stuck");
		Path ann = start("ann");
		Path bob = start("bob");
		await().atMost(AT_MOST).until(() -> unacked() == 0);
		assertThat(received(ann, bob)).containsExactlyInAnyOrder("stuck", "claimed:1", "claimed:2");
	}

	private Path start(String name, String... properties) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
						System.getProperty("java.class.path"), ListeningApplication.class.getName(),
						"spring.data.redis.url=" + TestRedis.url(), "locky.prefix=" + this.fixture.prefix(),
						"locky.expiration.ack-timeout=3s"));
		command.addAll(List.of(properties));
		Path output = this.directory.resolve(name);
		this.processes
			.add(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start());
		return output;
	}

	private void expire(String... resources) {
		LockyTemplate locks = this.fixture.template(Duration.ofMillis(5));
		for (String resource : resources) {
			locks.lock(resource, 20);
		}
	}

	private long unacked() {
		return Objects.requireNonNull(this.fixture.redis().opsForZSet().zCard(this.fixture.prefix() + "unacked"));
	}

	private static List<String> lines(Path output) throws IOException {
		return Files.readAllLines(output);
	}

	private static List<String> received(Path... outputs) throws IOException {
		List<String> received = new ArrayList<>();
		for (Path output : outputs) {
			lines(output).stream()
				.filter((line) -> line.startsWith(ListeningApplication.RECEIVED))
				.forEach((line) -> received.add(line.substring(ListeningApplication.RECEIVED.length())));
		}
		return received;
	}

}
