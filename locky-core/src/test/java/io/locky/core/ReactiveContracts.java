package io.locky.core;

import io.locky.LockyOperations;
import org.junit.jupiter.api.Nested;

/**
 * The contracts of the reactive operations, for one setup of Redis.
 */
abstract class ReactiveContracts extends EngineContracts {

	abstract ContractRedis redis();

	@Override
	ContractEngine newEngine() {
		return new ReactiveRedisEngine(redis());
	}

	private LockyOperations adapt(LockyTemplate template) {
		return new ReactiveOperationsAdapter(redis().connection(), template);
	}

	@Nested
	class InRedis extends RedisContract {

		@Override
		ContractRedis redis() {
			return ReactiveContracts.this.redis();
		}

		@Override
		LockyOperations operations(LockyTemplate template) {
			return adapt(template);
		}

	}

	@Nested
	class ForeignLocks extends ForeignLockContract {

		@Override
		ContractRedis redis() {
			return ReactiveContracts.this.redis();
		}

		@Override
		LockyOperations operations(LockyTemplate template) {
			return adapt(template);
		}

	}

	@Nested
	class AttentionRecords extends AttentionRecordContract {

		@Override
		ContractRedis redis() {
			return ReactiveContracts.this.redis();
		}

		@Override
		LockyOperations operations(LockyTemplate template) {
			return adapt(template);
		}

	}

}
