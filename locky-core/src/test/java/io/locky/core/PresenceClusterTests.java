package io.locky.core;

import io.locky.testing.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Who is looking at a resource, on a Redis Cluster.
 */
@Timeout(120)
class PresenceClusterTests extends PresenceContract {

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

	@Override
	ContractRedis redis() {
		return ContractRedis.of(connections);
	}

}
