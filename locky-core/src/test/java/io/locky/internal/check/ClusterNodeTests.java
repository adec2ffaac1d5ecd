package io.locky.internal.check;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

import io.locky.internal.redis.LockyKeys;
import io.locky.testing.DocumentedUser;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.RestrictedRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An instance that connects to a node of a Cluster as to a single Redis.
 */
class ClusterNodeTests {

	private static RestrictedRedis node;

	@BeforeAll
	static void startNode() throws IOException {
		node = RestrictedRedis.start("cluster-enabled yes", "cluster-port " + EmbeddedRedis.freePort(),
				"dir " + Files.createTempDirectory("locky-cluster"));
		node.execute("CLUSTER", List.of("ADDSLOTSRANGE", "0", "16383"));
	}

	@AfterAll
	static void stopNode() {
		node.close();
	}

	@Test
	void connectionToANodeOfAClusterIsNamed() {
		assertThat(warnings(node.admin())).containsExactly(SettingsCheck.CLUSTER_NODE);
	}

	@Test
	void userWhoMayNotReadSettingsIsWarnedToo() {
		List<String> rules = new ArrayList<>(DocumentedUser.rules());
		assertThat(rules).doesNotContain("+info");
		assertThat(warnings(node.connectAs(rules))).containsExactly(SettingsCheck.CLUSTER_NODE);
	}

	private static List<String> warnings(RedisConnectionFactory connections) {
		try (RedisConnection connection = connections.getConnection()) {
			return new ServerCheck(LockyKeys.of("test-node:"), false).warnings(connection);
		}
	}

}
