package io.locky.core;

/**
 * All contracts that any engine keeps, in memory.
 */
class InMemoryTests extends EngineContracts {

	@Override
	ContractEngine newEngine() {
		return new InMemoryEngine();
	}

}
