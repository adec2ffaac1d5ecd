package io.locky.advice;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.locky.testing.DocumentedTable;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Makes the tables of the documentation that say from when to when a lock is held, and
 * compares them with what an application does that was processed ahead of time.
 */
class HeldTableTests {

	private static final String PAGE = "locked-everywhere.md";

	private static final DocumentedTable HELD = new DocumentedTable(PAGE, "## Methods, proxies and transactions");

	private static final DocumentedTable CALLERS = new DocumentedTable(PAGE, "## What the caller gets");

	private static final DocumentedTable LISTENERS = new DocumentedTable(PAGE, "## Listeners");

	private static final Map<String, String> NAMES = Map.of("redis", "`@RedisListener`", "kafka", "`@KafkaListener`",
			"rabbit", "`@RabbitListener`", "jms", "`@JmsListener`", "integration", "`@ServiceActivator`", "scheduled",
			"`@Scheduled`", "event", "`@EventListener`", "transactionalEvent", "`@TransactionalEventListener`");

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void documentedTablesAreThoseOfTheRealAnnotations() throws Exception {
		try (ConfigurableApplicationContext context = HeldApplication.start(arguments())) {
			HELD.assertHas(new HeldResults(context).rows());
			CALLERS.assertHas(new CallerResults(context).rows());
		}
	}

	@Test
	void sameInAnApplicationProcessedAheadOfTime(@TempDir Path directory) throws Exception {
		List<String> output = new AheadOfTime(directory, HeldApplication.class).run(arguments());
		assertThat(output).contains("Processed ahead of time: true");
		List<String> expected = Stream.of(HELD, CALLERS).flatMap((table) -> table.rows().stream()).toList();
		assertThat(output.stream().filter((line) -> line.startsWith(HeldApplication.RESULT)))
			.containsExactlyElementsOf(expected.stream().map(HeldApplication.RESULT::concat).toList());
	}

	@Test
	void documentedListenersAreThoseOfTheRealAnnotations() throws Exception {
		try (ConfigurableApplicationContext context = AdviceApplication.start(arguments())) {
			LISTENERS.assertHas(new AdviceResults(context).listeners()
				.entrySet()
				.stream()
				.map((listener) -> "| %s | %s |".formatted(NAMES.get(listener.getKey()), listener.getValue()))
				.toList());
		}
	}

	private String[] arguments() {
		return new String[] { "--spring.data.redis.url=" + TestRedis.url(), "--locky.prefix=" + this.fixture.prefix(),
				"--listeners.channel=" + this.fixture.prefix() + "news" };
	}

}
