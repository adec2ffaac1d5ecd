package io.locky.core;

import io.locky.LockyOperations;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Reactive operations whose wire loses answers and delays requests.
 */
class ReactiveRepeatedSendingTests extends RepeatedSendingTests {

	@Override
	LockyOperations operations(RedisConnectionFactory connections, LockyTemplate template) {
		return new ReactiveOperationsAdapter(connections, template);
	}

}
