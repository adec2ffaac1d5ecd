package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.SlotHash;
import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.event.LockLostEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A master of a real Redis Cluster is killed, and its replica takes over.
 */
@Timeout(180)
class ClusterFailoverTests {

	@Test
	void replicatedLocksExpireAndNewOnesAreGrantedAfterAFailover() {
		Set<Long> expired = ConcurrentHashMap.newKeySet();
		try (TestCluster cluster = new TestCluster()) {
			LettuceConnectionFactory connections = cluster.connect();
			LockyFixture fixture = new LockyFixture(connections);
			LockyTemplate locks = fixture.template(Duration.ofSeconds(4));
			try (ExpiryCollector worker = new ExpiryCollector(fixture, expired)) {
				for (int i = 0; i < 100; i++) {
					assertThat(locks.lock("before:" + i, "ann")).isTrue();
				}
				cluster.awaitReplication();
				cluster.killMaster();
				for (int i = 0; i < 100; i++) {
					String resource = "after:" + i;
					await().atMost(Duration.ofSeconds(60))
						.ignoreExceptions()
						.until(() -> locks
							.lock(LockRequest.of(resource).by("ann").ttl(Duration.ofMillis(50)).reentrant()));
				}
				worker.awaitAll(200);
			}
			finally {
				fixture.closeTemplates();
				connections.destroy();
			}
		}
	}

	@Test
	@Tag("faults")
	void expiriesOfOtherMastersArePublishedWhileOneIsGone() {
		Set<Long> expired = ConcurrentHashMap.newKeySet();
		CountDownLatch listening = new CountDownLatch(1);
		CountDownLatch killed = new CountDownLatch(1);
		try (TestCluster cluster = new TestCluster()) {
			LettuceConnectionFactory connections = cluster.connect();
			LockyFixture fixture = new LockyFixture(connections);
			LockyTemplate locks = fixture.template(Duration.ofSeconds(3));
			try (ExpiryCollector worker = new ExpiryCollector(fixture, expired, (event) -> {
				if (isGone(fixture, event.getResource())) {
					listening.countDown();
					await().until(() -> killed.getCount() == 0);
				}
			})) {
				List<String> resources = IntStream.range(0, 100).mapToObj((i) -> "r:" + i).toList();
				List<String> alive = resources.stream().filter((name) -> !isGone(fixture, name)).toList();
				List<String> gone = resources.stream().filter((name) -> isGone(fixture, name)).toList();
				assertThat(locks.lock(LockRequest.of(gone.get(0)).by("ann").ttl(Duration.ofMillis(1)))).isTrue();
				await().until(() -> listening.getCount() == 0);
				alive.forEach((resource) -> assertThat(locks.lock(resource, "ann")).isTrue());
				long deadline = System.nanoTime() + Duration.ofSeconds(3).toNanos();
				cluster.killMasterAndReplica();
				killed.countDown();
				worker.awaitAll(alive.size() + 1);
				System.out.printf(
						"Without one of three masters: all of %d expiries published %d ms after the last deadline%n",
						alive.size(), (System.nanoTime() - deadline) / 1_000_000);
			}
			finally {
				fixture.closeTemplates();
				connections.destroy();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 5, 60 })
	@Tag("faults")
	void renewedLocksOutliveAFailover(int commandTimeout) {
		try (TestCluster cluster = new TestCluster()) {
			LettuceConnectionFactory connections = cluster.connect(Duration.ofSeconds(commandTimeout));
			LockyFixture fixture = new LockyFixture(connections);
			LockyTemplate locks = fixture.template(Duration.ofSeconds(9));
			try {
				List<LockHandle> handles = IntStream.range(0, 1000)
					.mapToObj((i) -> locks.tryLock(LockRequest.of("r:" + i).by("ann").autoRenew()))
					.map((attempt) -> ((LockAttempt.Acquired) attempt).handle())
					.toList();
				cluster.awaitReplication();
				long killed = System.nanoTime();
				cluster.killMaster();
				long promoted = System.nanoTime();
				await().pollDelay(Duration.ofSeconds(14)).atMost(Duration.ofSeconds(60)).until(() -> true);
				System.out.printf("Failover after %d ms, command time-out %d s: %d of 1000 renewed locks lost%n",
						(promoted - killed) / 1_000_000, commandTimeout, fixture.events(LockLostEvent.class).size());
				assertThat(fixture.events(LockLostEvent.class)).isEmpty();
				assertThat(handles).allMatch(LockHandle::isValid);
			}
			finally {
				fixture.closeTemplates();
				connections.destroy();
			}
		}
	}

	/** What the check at start-up warns of. */
	@Test
	@Tag("faults")
	void renewedLocksAreLostIfTheNewMasterIsFoundTooLate() {
		ClusterTopologyRefreshOptions late = ClusterTopologyRefreshOptions.builder()
			.enablePeriodicRefresh(Duration.ofSeconds(60))
			.disableAllAdaptiveRefreshTriggers()
			.build();
		try (TestCluster cluster = new TestCluster()) {
			LettuceConnectionFactory connections = cluster.connect(late);
			LockyFixture fixture = new LockyFixture(connections);
			LockyTemplate locks = fixture.template(Duration.ofSeconds(9));
			try {
				for (int i = 0; i < 100; i++) {
					locks.tryLock(LockRequest.of("r:" + i).by("ann").autoRenew());
				}
				cluster.awaitReplication();
				cluster.killMaster();
				await().atMost(Duration.ofSeconds(30)).until(() -> !fixture.events(LockLostEvent.class).isEmpty());
			}
			finally {
				fixture.closeTemplates();
				connections.destroy();
			}
		}
	}

	private static boolean isGone(LockyFixture fixture, String resource) {
		return TestCluster.isOfFirstMaster(SlotHash.getSlot(fixture.lockKey(resource)));
	}

}
