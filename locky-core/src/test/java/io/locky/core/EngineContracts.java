package io.locky.core;

import org.junit.jupiter.api.Nested;

/**
 * All contracts that any engine keeps.
 */
abstract class EngineContracts {

	abstract ContractEngine newEngine();

	@Nested
	class Operations extends LockyOperationsContract {

		@Override
		ContractEngine newEngine() {
			return EngineContracts.this.newEngine();
		}

	}

	@Nested
	class Handles extends LockHandleContract {

		@Override
		ContractEngine newEngine() {
			return EngineContracts.this.newEngine();
		}

	}

	@Nested
	class Requests extends LockRequestContract {

		@Override
		ContractEngine newEngine() {
			return EngineContracts.this.newEngine();
		}

	}

	@Nested
	class Lists extends LockListContract {

		@Override
		ContractEngine newEngine() {
			return EngineContracts.this.newEngine();
		}

	}

	@Nested
	class Waiting extends LockWaitingContract {

		@Override
		ContractEngine newEngine() {
			return EngineContracts.this.newEngine();
		}

	}

	@Nested
	class Attention extends LockAttentionContract {

		@Override
		ContractEngine newEngine() {
			return EngineContracts.this.newEngine();
		}

	}

}
