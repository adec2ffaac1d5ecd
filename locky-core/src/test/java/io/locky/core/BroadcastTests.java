package io.locky.core;

import io.locky.testing.TestRedis;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The contract on a standalone Redis.
 */
class BroadcastTests extends BroadcastContract {

	@Override
	RedisConnectionFactory connectionFactory() {
		return TestRedis.connectionFactory();
	}

}
