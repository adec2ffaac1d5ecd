package io.locky.core;

import io.locky.LockyOperations;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Reactive attempts whose answers get lost or come late.
 */
class ReactiveLostReplyTests extends LostReplyTests {

	@Override
	LockyOperations operations(RedisConnectionFactory connections, LockyTemplate template) {
		return new ReactiveOperationsAdapter(connections, template);
	}

}
