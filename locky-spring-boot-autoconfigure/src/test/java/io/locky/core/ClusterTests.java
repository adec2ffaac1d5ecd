package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.SlotHash;
import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.internal.check.RedisCheck;
import io.locky.internal.redis.LockyKeys;
import io.locky.testing.DocumentedUser;
import io.locky.testing.LockyFixture;
import io.locky.testing.LockyInstance;
import io.locky.testing.TestCluster;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisClusterNode;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * All contracts, and what only a Cluster does, on a real Redis Cluster.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ClusterTests extends AllContracts {

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

	@Test
	void locksAreSpreadOverAllMasters() {
		try (LockyFixture fixture = new LockyFixture(connections)) {
			LockyTemplate locks = fixture.template(Duration.ofMinutes(5));
			List<String> resources = IntStream.range(0, 300).mapToObj((i) -> "article:" + i).toList();
			assertThat(locks.lockAll(resources, "ann")).isTrue();
			assertThat(cluster.keysOfMasters()).allMatch((keys) -> keys > 50);
			assertThat(locks.findAll(resources)).hasSize(300);
			assertThat(locks.lockAll(List.of("free:1", "article:7", "free:2"), "bob")).isFalse();
			assertThat(locks.findAll(List.of("free:1", "free:2"))).isEmpty();
			assertThat(locks.unlockAll("ann")).isEqualTo(300);
		}
	}

	@Test
	void movingASlotCausesNoErrorsAndLosesNoExpiry() throws Exception {
		SlotMove.run(cluster, connections);
	}

	@Test
	void releaseOnALostConnectionIsNotSentAgain() {
		try (LockyFixture fixture = new LockyFixture(connections)) {
			LockyTemplate locks = fixture.template(Duration.ofMinutes(5));
			locks.lock("x", "ann");
			locks.unlock("x", "ann");
			locks.lock("x", "ann");
			List<CompletableFuture<Boolean>> answer = new ArrayList<>();
			cluster.loseWrite(() -> answer.add(TestThreads.supply(() -> locks.unlock("x", "ann"))));
			assertThat(answer.get(0)).failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.withCauseInstanceOf(TransientDataAccessResourceException.class);
			assertThat(locks.getLocker("x")).isEqualTo("ann");
		}
	}

	@Test
	void everyMasterIsCheckedSeparately(CapturedOutput output) {
		RedisClusterConnection nodes = connections.getClusterConnection();
		List<RedisClusterNode> masters = new ArrayList<>();
		nodes.clusterGetNodes().forEach((node) -> {
			if (node.isMaster()) {
				masters.add(node);
			}
		});
		RedisClusterNode wrong = masters.get(1);
		nodes.serverCommands().setConfig(wrong, "maxmemory", "200mb");
		nodes.serverCommands().setConfig(wrong, "maxmemory-policy", "volatile-lru");
		RedisCheck check = new RedisCheck(connections, LockyKeys.ofCluster("test-checks:").withEventLog("me", 1000),
				false, "me", null);
		check.start();
		String warning = "On " + wrong.getHost() + ":" + wrong.getPort() + ": Redis may evict locks: its "
				+ "maxmemory-policy is 'volatile-lru', so it may delete keys that have a TTL, as locks do,";
		await().until(() -> output.getAll().contains(warning));
		check.stop();
		nodes.serverCommands().setConfig(wrong, "maxmemory", "0");
		assertThat(cluster.keysOfMasters()).containsOnly(0L);
		nodes.close();
	}

	/** Redis may be down at the start, and the others may be those with the mistake. */
	@Test
	void applicationsWithAnotherPartitionLayoutStartAndWarn(CapturedOutput output) {
		String prefix = IntStream.range(0, 100)
			.mapToObj((i) -> "test-layout-" + i + ":")
			.filter((text) -> TestCluster.isOfFirstMaster(SlotHash.getSlot(text + "settings")))
			.findFirst()
			.orElseThrow();
		String ofCluster = "spring.data.redis.cluster.nodes=" + cluster.addresses();
		String ofNode = "spring.data.redis.url=redis://" + cluster.addresses().split(",")[0];
		RedisClusterConnection nodes = connections.getClusterConnection();
		try (LockyInstance ann = LockyInstance.start(ofCluster, "locky.prefix=" + prefix,
				"locky.events.instance=ann")) {
			assertThat(ann.locks().lock("x", "ann")).isTrue();
			await().until(() -> nodes.keyCommands().exists((prefix + "settings").getBytes()));
			try (LockyInstance bob = LockyInstance.start(ofNode, "locky.prefix=" + prefix,
					"locky.events.instance=bob")) {
				await().until(() -> output.getAll().contains("The number of partitions is 1 on this instance (bob"));
				assertThat(bob.locks().isRunning()).isTrue();
				assertThat(output).contains("but 64 on (ann", "They use different keys, so one lock may have several "
						+ "holders. Connect every instance to the Redis Cluster: set spring.data.redis.cluster.nodes, "
						+ "or use a RedisClusterConfiguration, on all instances with the prefix '" + prefix + "'.");
			}
		}
		nodes.serverCommands().flushAll();
		nodes.close();
	}

	@Test
	void documentedUserCanLock(CapturedOutput output) {
		LettuceConnectionFactory user = cluster.connectAs(DocumentedUser.rulesWith("cluster|nodes"));
		try (LockyFixture fixture = new LockyFixture(user, connections)) {
			LockyTemplate locks = fixture.template(Duration.ofMinutes(5));
			List<String> resources = IntStream.range(0, 300).mapToObj((i) -> "article:" + i).toList();
			assertThat(locks.lockAll(resources, "ann")).isTrue();
			assertThat(locks.tryLock(LockRequest.of("article:0").by("bob").waitUpTo(Duration.ofMillis(1))))
				.isInstanceOf(LockAttempt.Denied.class);
			await().until(fixture::isSubscribed);
			assertThat(locks.unlockAll("ann")).isEqualTo(300);
			assertThat(output).doesNotContain("WARN");
		}
		finally {
			user.destroy();
		}
	}

}
