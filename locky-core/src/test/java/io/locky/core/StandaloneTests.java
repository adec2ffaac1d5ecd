package io.locky.core;

import io.locky.testing.TestRedis;

/**
 * All contracts on a standalone Redis.
 */
class StandaloneTests extends AllContracts {

	@Override
	ContractRedis redis() {
		return ContractRedis.of(TestRedis.connectionFactory());
	}

}
