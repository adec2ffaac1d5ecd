package io.locky.core;

import io.locky.testing.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Requests to hand over a lock, on a Redis Cluster.
 */
@Timeout(120)
class HandoverClusterTests {

	private static TestCluster cluster;

	private static LettuceConnectionFactory connections;

	@BeforeAll
	static void startCluster() {
		cluster = new TestCluster();
		connections = cluster.connect();
	}

	@AfterAll
	static void stopCluster() {
		connections.destroy();
		cluster.close();
	}

	static ContractRedis redis() {
		return ContractRedis.of(connections);
	}

	@Nested
	class Requests extends HandoverContract {

		@Override
		ContractRedis redis() {
			return HandoverClusterTests.redis();
		}

	}

	@Nested
	class Races extends HandoverRaceContract {

		@Override
		ContractRedis redis() {
			return HandoverClusterTests.redis();
		}

	}

}
