package io.locky.core;

import io.locky.testing.TestRedis;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The contract on a standalone Redis.
 */
class LockRequestsTests extends LockRequestContract {

	@Override
	RedisConnectionFactory connectionFactory() {
		return TestRedis.connectionFactory();
	}

}
