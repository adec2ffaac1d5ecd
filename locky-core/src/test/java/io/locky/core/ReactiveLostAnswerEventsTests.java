package io.locky.core;

import io.locky.LockyOperations;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The events of reactive operations whose answers get lost.
 */
class ReactiveLostAnswerEventsTests extends LostAnswerEventsTests {

	@Override
	LockyOperations operations(RedisConnectionFactory connections, LockyTemplate template) {
		return new ReactiveOperationsAdapter(connections, template);
	}

}
