package io.locky.internal.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.data.redis.RedisSystemException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SlotMigrationTests {

	private final AtomicInteger sent = new AtomicInteger();

	@ParameterizedTest
	@ValueSource(strings = { "TRYAGAIN Multiple keys request during rehashing of slot", "ASK 42 127.0.0.1:7001",
			"MOVED 42 127.0.0.1:7001" })
	void callThatDidNotRunIsSentAgain(String answer) {
		SlotMigration migration = new SlotMigration(Duration.ofMinutes(1));
		assertThat(migration.outlast(failing(3, answer))).isEqualTo("done");
		assertThat(this.sent).hasValue(4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLUSTERDOWN The cluster is down", "READONLY You can't write against a read only replica.",
			"ERR TRYAGAIN", "MOVEDX", "Command timed out" })
	void callThatMayHaveRunIsNeverSentAgain(String answer) {
		SlotMigration migration = new SlotMigration(Duration.ofMinutes(1));
		assertThatExceptionOfType(RedisSystemException.class).isThrownBy(() -> migration.outlast(failing(1, answer)));
		assertThat(this.sent).hasValue(1);
	}

	@Test
	void endlessMigrationFailsWithTheReason() {
		SlotMigration migration = new SlotMigration(Duration.ofMillis(50));
		assertThatExceptionOfType(TransientDataAccessResourceException.class)
			.isThrownBy(() -> migration.outlast(failing(Integer.MAX_VALUE, "TRYAGAIN Multiple keys")))
			.withMessageStartingWith("Redis still answers 'TRYAGAIN Multiple keys' after 50 ms");
	}

	@Test
	void interruptedThreadDoesNotWait() {
		SlotMigration migration = new SlotMigration(Duration.ofMinutes(1));
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(TransientDataAccessResourceException.class)
			.isThrownBy(() -> migration.outlast(failing(2, "TRYAGAIN Multiple keys")));
		assertThat(Thread.interrupted()).isTrue();
	}

	private Supplier<String> failing(int times, String answer) {
		return () -> {
			if (this.sent.incrementAndGet() <= times) {
				throw new RedisSystemException("Error in execution", new IllegalStateException(answer));
			}
			return "done";
		};
	}

}
