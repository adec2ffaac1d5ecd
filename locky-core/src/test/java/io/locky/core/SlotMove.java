package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.SlotHash;
import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestCluster;
import io.locky.testing.TestThreads;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Moves a slot of a Redis Cluster while its locks are in use.
 */
final class SlotMove {

	private static final int THREADS = 4;

	private final Set<Long> granted = ConcurrentHashMap.newKeySet();

	private final Set<Long> released = ConcurrentHashMap.newKeySet();

	private final Set<Long> expired = ConcurrentHashMap.newKeySet();

	private final AtomicInteger rounds = new AtomicInteger();

	private final AtomicBoolean ended = new AtomicBoolean();

	static void run(TestCluster cluster, LettuceConnectionFactory connections) throws Exception {
		SlotMove move = new SlotMove();
		try (LockyFixture fixture = new LockyFixture(connections);
				ExpiryCollector worker = new ExpiryCollector(fixture, move.expired)) {
			move.useWhileMoving(fixture, cluster);
			worker.awaitAll(move.granted.size() - move.released.size());
		}
		assertThat(move.released).doesNotContainAnyElementsOf(move.expired);
		assertThat(move.released.size() + move.expired.size()).isEqualTo(move.granted.size());
		System.out.printf("Moved a slot under %d rounds: %d grants, %d released, %d expiries published, 0 errors%n",
				move.rounds.get(), move.granted.size(), move.released.size(), move.expired.size());
	}

	private void useWhileMoving(LockyFixture fixture, TestCluster cluster) throws Exception {
		LockyTemplate locks = fixture.template(Duration.ofMinutes(5));
		CountDownLatch warm = new CountDownLatch(THREADS * 20);
		List<Future<?>> running = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			List<String> resources = ofOnePartition(fixture, "thread-" + i + ":");
			running.add(TestThreads.run(() -> {
				while (!this.ended.get()) {
					use(locks, resources);
					warm.countDown();
				}
			}));
		}
		warm.await();
		try {
			cluster.moveSlot(SlotHash.getSlot(fixture.lockKey("x")), () -> awaitMoment());
			int before = this.rounds.get();
			await().until(() -> this.rounds.get() > before + 20 || running.stream().anyMatch(Future::isDone));
		}
		finally {
			this.ended.set(true);
		}
		for (Future<?> future : running) {
			future.get();
		}
	}

	/** Long enough for every thread to run into it. */
	private static void awaitMoment() {
		long begin = System.nanoTime();
		await().until(() -> System.nanoTime() - begin > Duration.ofMillis(500).toNanos());
	}

	private static List<String> ofOnePartition(LockyFixture fixture, String prefix) {
		return IntStream.iterate(0, (i) -> i + 1)
			.mapToObj((i) -> prefix + i)
			.filter((name) -> fixture.keys().partitionOf(name) == fixture.keys().partitionOf("x"))
			.limit(3)
			.toList();
	}

	private void use(LockyTemplate locks, List<String> resources) {
		this.rounds.incrementAndGet();
		LockHandle kept = acquire(locks, LockRequest.of(resources.get(0)).by("ann").ttl(Duration.ofMinutes(1)));
		assertThat(locks.lock(resources.get(0), "bob")).isFalse();
		assertThat(kept.refresh()).isTrue();
		assertThat(locks.findAll(resources)).containsKey(resources.get(0));
		acquire(locks,
				LockRequest.of(resources.get(1)).by("ann").ttl(Duration.ofMillis(2)).waitUpTo(Duration.ofSeconds(20)));
		assertThat(locks.lockAll(resources.subList(0, 1), "bob")).isFalse();
		kept.close();
		this.released.add(kept.fence());
	}

	private LockHandle acquire(LockyTemplate locks, LockRequest request) {
		LockHandle handle = ((LockAttempt.Acquired) locks.tryLock(request)).handle();
		this.granted.add(handle.fence());
		return handle;
	}

}
