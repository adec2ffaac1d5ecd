package io.locky.internal.redis;

import java.time.Duration;
import java.util.List;

import io.locky.core.LockyTemplate;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Locks in the middle of what a user does with the same Redis.
 */
class ScriptRunnerTests {

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate locks = this.fixture.template(Duration.ofMinutes(5));

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void lockInsideAUserTransactionIsAcquiredAtOnce() {
		this.locks.lock("held", "ann");
		this.fixture.redis().execute(new InTransaction(() -> {
			assertThat(this.locks.getLocker("held")).isEqualTo("ann");
			assertThat(this.locks.lock("held", "bob")).isFalse();
			assertThat(this.locks.lock("free", "bob")).isTrue();
		}));
		assertThat(this.locks.getLocker("free")).isEqualTo("bob");
	}

	@Test
	@SuppressWarnings("NullAway") // such a callback must return null
	void lockInsideAUserPipelineIsAcquiredAtOnce() {
		this.fixture.redis().executePipelined((RedisCallback<Object>) (pipeline) -> {
			assertThat(this.locks.lock("free", "bob")).isTrue();
			assertThat(this.locks.getLocker("free")).isEqualTo("bob");
			return null;
		});
	}

	@Test
	void stoppedConnectionFactoryIsADataAccessException() {
		LettuceConnectionFactory connections = TestRedis.connect();
		try (LockyFixture stopped = new LockyFixture(connections)) {
			LockyTemplate template = stopped.template(null);
			connections.stop();
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> template.lock("x", 1));
			connections.start();
		}
		finally {
			connections.destroy();
		}
	}

	private record InTransaction(Runnable work) implements SessionCallback<List<Object>> {

		@Override
		public <K, V> List<Object> execute(RedisOperations<K, V> operations) {
			operations.multi();
			this.work.run();
			return operations.exec();
		}

	}

}
