package io.locky.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.LockyOperations;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Locks in Redis by the reactive operations.
 */
final class ReactiveRedisEngine extends RedisEngine {

	private final RedisConnectionFactory connections;

	private final List<ReactiveOperationsAdapter> adapters = new CopyOnWriteArrayList<>();

	ReactiveRedisEngine(ContractRedis redis) {
		super(redis);
		this.connections = redis.connection();
	}

	@Override
	LockyOperations operations(LockyTemplate template) {
		ReactiveOperationsAdapter adapter = new ReactiveOperationsAdapter(this.connections, template);
		this.adapters.add(adapter);
		return adapter;
	}

	@Override
	public boolean isWaiting(Thread thread) {
		return this.adapters.stream().anyMatch((adapter) -> adapter.isWaiting(thread));
	}

}
