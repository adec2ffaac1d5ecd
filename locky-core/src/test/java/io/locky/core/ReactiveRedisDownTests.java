package io.locky.core;

import io.locky.LockyOperations;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Reactive operations without a Redis.
 */
class ReactiveRedisDownTests extends RedisDownTests {

	@Override
	LockyOperations operations(RedisConnectionFactory connections, LockyTemplate template) {
		return new ReactiveOperationsAdapter(connections, template);
	}

}
