package io.locky.internal.expiration;

import java.time.Duration;

import io.locky.testing.CommandCount;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyInstance;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class IdleTests {

	private static final int SECONDS = 4;

	@Test
	void idleInstanceSendsAtMostFourCommandsASecond() {
		try (EmbeddedRedis redis = EmbeddedRedis.start();
				LockyInstance instance = LockyInstance.start("spring.data.redis.url=redis://127.0.0.1:" + redis.port(),
						"locky.events.broadcast=true")) {
			RedisConnectionFactory connections = instance.bean(RedisConnectionFactory.class);
			instance.locks().lock("x", 20);
			await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
			long before = CommandCount.sent(connections);
			await().pollDelay(Duration.ofSeconds(SECONDS)).until(() -> true);
			long sent = CommandCount.sent(connections) - before;
			System.out.printf("Idle: %d commands in %d s%n", sent, SECONDS);
			assertThat(sent).isBetween(1L, 4L * SECONDS);
		}
	}

}
