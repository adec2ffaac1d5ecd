package io.locky.advice;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listeners of every kind are locked, and method security decides first: on the JVM and
 * in an application that was processed ahead of time.
 */
class AdviceTests {

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void everyListenerIsLockedAndSecurityDecidesFirst() {
		try (ConfigurableApplicationContext context = AdviceApplication.start(arguments())) {
			assertThat(new AdviceResults(context).all()).isEqualTo(expected());
		}
	}

	@Test
	void sameInAnApplicationProcessedAheadOfTime(@TempDir Path directory) throws Exception {
		List<String> output = new AheadOfTime(directory, AdviceApplication.class).run(arguments());
		assertThat(output).contains("Processed ahead of time: true");
		assertThat(output.stream().filter((line) -> line.startsWith(AdviceApplication.RESULT)))
			.containsExactlyElementsOf(expected().entrySet()
				.stream()
				.map((entry) -> AdviceApplication.RESULT + entry.getKey() + "=" + entry.getValue())
				.toList());
	}

	private String[] arguments() {
		return new String[] { "--spring.data.redis.url=" + TestRedis.url(), "--locky.prefix=" + this.fixture.prefix(),
				"--listeners.channel=" + this.fixture.prefix() + "news" };
	}

	private static Map<String, String> expected() {
		Map<String, String> expected = new TreeMap<>();
		Stream.of("redis", "kafka", "rabbit", "jms", "integration", "scheduled", "event", "transactionalEvent")
			.forEach((kind) -> expected.put(kind, "call | method | return | 1"));
		Stream
			.of("@PreAuthorize", "@Secured", "@RolesAllowed", "@RequiresLock with @PreAuthorize",
					"@RequiresLock with @Secured", "@Locked and @RequiresLock")
			.forEach((kind) -> {
				expected.put(kind, "denied, 0 locks");
				expected.put(kind + " while locked", "denied, 0 locks");
			});
		return expected;
	}

}
