package io.locky.core;

import org.junit.jupiter.api.Nested;

/**
 * All contracts, for one setup of Redis: those that any engine keeps, those of Redis, and
 * those of the reactive operations.
 */
abstract class AllContracts extends EngineContracts {

	abstract ContractRedis redis();

	/** The same Redis, for a user who may use the event log. */
	ContractRedis broadcastRedis() {
		return redis();
	}

	@Override
	ContractEngine newEngine() {
		return new RedisEngine(redis());
	}

	@Nested
	class InRedis extends RedisContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
		}

	}

	@Nested
	class ForeignLocks extends ForeignLockContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
		}

	}

	@Nested
	class Broadcast extends BroadcastContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.broadcastRedis();
		}

	}

	@Nested
	class AttentionRecords extends AttentionRecordContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
		}

	}

	@Nested
	class AttentionBroadcast extends AttentionBroadcastContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.broadcastRedis();
		}

	}

	@Nested
	class Lines extends LockLineContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
		}

	}

	@Nested
	class History extends HistoryContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
		}

	}

	@Nested
	class Reactive extends ReactiveContracts {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
		}

	}

}
