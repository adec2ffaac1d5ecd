package io.locky.core;

import io.locky.testing.TestSentinel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * All contracts on a master that is found through real sentinels.
 */
@Timeout(120)
class SentinelTests extends AllContracts {

	private static TestSentinel sentinel;

	private static LettuceConnectionFactory connections;

	@BeforeAll
	static void startSentinel() {
		sentinel = new TestSentinel();
		connections = sentinel.connect();
	}

	@AfterAll
	static void stopSentinel() {
		connections.destroy();
		sentinel.close();
	}

	@Override
	ContractRedis redis() {
		return ContractRedis.of(connections);
	}

}
