package io.locky.core;

import java.time.Duration;
import java.util.List;

import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class RedisDownTests {

	private static final Duration TIMEOUT = Duration.ofMillis(500);

	/** What is tested, over a template. */
	LockyOperations operations(RedisConnectionFactory connections, LockyTemplate template) {
		return template;
	}

	@Test
	void everyOperationThrowsWithoutRedis() {
		LettuceConnectionFactory nowhere = TestRedis.connect("127.0.0.1", EmbeddedRedis.freePort(), TIMEOUT);
		try {
			LockyFixture fixture = new LockyFixture(nowhere);
			LockyOperations locks = operations(nowhere, fixture.template(Duration.ofSeconds(3)));
			List<ThrowingCallable> operations = List.of(() -> locks.lock("x", 1), () -> locks.refresh("x"),
					() -> locks.refresh("x", 1), () -> locks.refresh("x", 1, 7), () -> locks.tryRefresh("x", 1, 7),
					() -> locks.unlock("x"), () -> locks.unlock("x", 1), () -> locks.unlock("x", 1, 7),
					() -> locks.getLocker("x"), () -> locks.find("x"),
					() -> locks.tryLock(LockRequest.of("x").by(1).force()));
			for (ThrowingCallable operation : operations) {
				assertThatThrownBy(operation).isInstanceOf(DataAccessException.class);
			}
			assertThat(fixture.events()).isEmpty();
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void lockThrowsWhileRedisIsDownAndWorksAfterwards() {
		EmbeddedRedis redis = EmbeddedRedis.start();
		LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", redis.port(), TIMEOUT);
		try {
			LockyOperations locks = operations(connections,
					new LockyFixture(connections).template(Duration.ofSeconds(3)));
			assertThat(locks.lock("x", 1)).isTrue();
			redis.stop();
			assertThatThrownBy(() -> locks.lock("y", 1)).isInstanceOf(DataAccessException.class);
			redis.restart();
			await().ignoreExceptions().until(() -> locks.lock("x", 2));
			assertThat(locks.getLocker("y")).isNull();
		}
		finally {
			connections.destroy();
			redis.close();
		}
	}

}
