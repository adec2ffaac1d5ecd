package io.locky.core;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import ch.qos.logback.classic.Level;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.event.LockExpiredEvent;
import io.locky.testing.CapturedLog;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Redis with no memory left, and the policy {@code noeviction}.
 */
class FullRedisTests {

	private static final int LOCKS = 200;

	@Test
	void fullRedisRefusesOnlyNewLocks() {
		try (EmbeddedRedis redis = EmbeddedRedis.start(); CapturedLog log = new CapturedLog()) {
			LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", redis.port(), Duration.ofSeconds(5));
			try (LockyFixture fixture = new LockyFixture(connections)) {
				Set<String> expired = ConcurrentHashMap.newKeySet();
				LockySettings settings = fixture.settings().expiration(true).build();
				LockyTemplate locks = fixture.start(fixture.keys(), settings, (event) -> {
					if (event instanceof LockExpiredEvent expiry) {
						expired.add(expiry.getResource());
					}
				});
				locks.lock(LockRequest.of("kept").by("ann").ttl(Duration.ofMinutes(5)));
				locks.lock("endless", "ann");
				locks.lock("gone", "ann");
				for (int i = 0; i < LOCKS; i++) {
					locks.lock(LockRequest.of("x" + i).by("bob").ttl(Duration.ofSeconds(3)));
				}
				setMaxMemory(connections, "1");

				await().atMost(Duration.ofSeconds(10)).until(() -> expired.size() == LOCKS);
				await().until(() -> !fixture.redis().hasKey(fixture.prefix() + "unacked"));
				assertThat(locks.refresh("kept", "ann")).isTrue();
				assertThat(locks.getLocker("endless")).isEqualTo("ann");
				assertThat(locks.unlock("endless", "ann")).isTrue();
				fixture.redis().delete(fixture.lockKey("gone"));
				assertThat(locks.find("gone")).isEmpty();
				await().until(() -> expired.contains("gone"));
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> locks.lock("new", "ann"))
					.withStackTraceContaining("maxmemory");
				assertThat(locks.unlockAll("ann")).isEqualTo(1);
				assertThat(log.messages(Level.WARN)).isEmpty();
				setMaxMemory(connections, "0");
				assertThat(locks.lock("new", "ann")).isTrue();
			}
			finally {
				connections.destroy();
			}
		}
	}

	private static void setMaxMemory(RedisConnectionFactory connections, String bytes) {
		try (RedisConnection connection = connections.getConnection()) {
			connection.serverCommands().setConfig("maxmemory", bytes);
		}
	}

}
