package io.locky.internal.expiration;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.locky.internal.redis.OutageBackoff;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class OutageTests {

	private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void captureLog() {
		this.log.start();
		this.root.addAppender(this.log);
		((Logger) LoggerFactory.getLogger("io.locky")).setLevel(Level.INFO);
	}

	@AfterEach
	void releaseLog() {
		this.root.detachAppender(this.log);
		((Logger) LoggerFactory.getLogger("io.locky")).setLevel(null);
	}

	@Test
	void applicationWithoutRedisWarnsOnceAndWorksLater() {
		int port = EmbeddedRedis.freePort();
		try (LockyInstance instance = LockyInstance.start("spring.data.redis.url=redis://127.0.0.1:" + port,
				"locky.ttl=50ms")) {
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> instance.locks().lock("x", 1));
			await().until(() -> messages(Level.WARN).size() == 1);
			await().during(Duration.ofMillis(800)).until(() -> messages(Level.WARN).size() == 1);
			assertThat(messages(Level.WARN).get(0)).contains("Redis does not answer").contains("Connection refused");
			assertThat(messages(Level.ERROR)).isEmpty();
			try (EmbeddedRedis redis = EmbeddedRedis.startOn(port)) {
				await().ignoreExceptions().until(() -> instance.locks().lock("x", 1));
				await().until(() -> instance.expired().size() == 1);
				await().untilAsserted(() -> assertThat(messages(Level.INFO))
					.filteredOn((message) -> message.contains("Redis answers again"))
					.hasSize(1));
				assertThat(redis.port()).isEqualTo(port);
			}
		}
	}

	@Test
	void workerSurvivesARestartOfRedis() {
		try (EmbeddedRedis redis = EmbeddedRedis.start();
				LockyInstance instance = LockyInstance.start("spring.data.redis.url=redis://127.0.0.1:" + redis.port(),
						"spring.data.redis.timeout=500ms", "locky.ttl=50ms")) {
			instance.locks().lock("x", 1);
			await().until(() -> instance.expired().size() == 1);
			redis.stop();
			await().until(() -> !messages(Level.WARN).isEmpty());
			redis.restart();
			await().ignoreExceptions().until(() -> instance.locks().lock("y", 1));
			await().until(() -> instance.expired().size() == 2);
			assertThat(this.log.list).filteredOn((event) -> event.getLoggerName().startsWith("io.locky"))
				.extracting(ILoggingEvent::getLevel)
				.containsExactly(Level.WARN, Level.INFO);
			assertThat(messages(Level.ERROR)).isEmpty();
		}
	}

	@Test
	void pausesGrowToALimitAndStartOver() {
		OutageBackoff outage = new OutageBackoff("Expired locks");
		RuntimeException failure = new IllegalStateException("gone");
		List<Long> pauses = IntStream.range(0, 8).mapToObj((i) -> outage.failed(failure).toMillis()).toList();
		assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1600L, 2000L, 2000L, 2000L);
		outage.succeeded();
		assertThat(outage.failed(failure)).hasMillis(100);
	}

	@Test
	void fullRedisIsNamed() {
		new OutageBackoff("Expired locks").failed(new IllegalStateException("wrapped",
				new IllegalStateException("OOM command not allowed when used memory > 'maxmemory'.")));
		assertThat(messages(Level.WARN)).singleElement()
			.asString()
			.startsWith("Expired locks are not published for now, because Redis is full")
			.doesNotContain("does not answer");
	}

	private List<String> messages(Level level) {
		return this.log.list.stream()
			.filter((event) -> event.getLevel() == level)
			.filter((event) -> !event.getLoggerName().startsWith("io.lettuce"))
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

}
