package io.locky.core;

import org.junit.jupiter.api.Nested;

/**
 * All contracts, for one setup of Redis.
 */
abstract class AllContracts {

	abstract ContractRedis redis();

	/** The same Redis, for a user who may use the event log. */
	ContractRedis broadcastRedis() {
		return redis();
	}

	@Nested
	class Operations extends LockyOperationsContract {

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
	class Handles extends LockHandleContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
		}

	}

	@Nested
	class Requests extends LockRequestContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
		}

	}

	@Nested
	class Attention extends LockAttentionContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
		}

	}

	@Nested
	class Lists extends LockListContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
		}

	}

	@Nested
	class Waiting extends LockWaitingContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
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
	class Broadcast extends BroadcastContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.broadcastRedis();
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
	class History extends HistoryContract {

		@Override
		ContractRedis redis() {
			return AllContracts.this.redis();
		}

	}

}
