package io.locky.core;

import io.locky.testing.TestRedis;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract on a standalone Redis.
 */
class LockWaitingTests extends LockWaitingContract {

	@Override
	RedisConnectionFactory connectionFactory() {
		return TestRedis.connectionFactory();
	}

	/** Publishing tells how many listen. */
	@Override
	void assertOneSubscription() {
		assertThat(this.fixture.redis().convertAndSend(this.fixture.keys().signals(), "test")).isEqualTo(1);
	}

}
