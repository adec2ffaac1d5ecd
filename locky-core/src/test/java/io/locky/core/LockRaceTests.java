package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.event.LockTakenOverEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many lockers compete, on a real Redis.
 */
@Timeout(120)
class LockRaceTests {

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate locks = this.fixture.template(Duration.ofMinutes(5));

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void oneOfAHundredTakeoversWinsEachGrant() throws Exception {
		int rounds = 20;
		for (int round = 0; round < rounds; round++) {
			LockHandle victim = acquire(LockRequest.of("x").by("victim").force());
			AtomicInteger winners = new AtomicInteger();
			TestThreads.race(100, (stealer) -> {
				LockRequest theft = LockRequest.of("x").by("stealer-" + stealer).takeOverFrom(victim.fence());
				if (this.locks.lock(theft)) {
					winners.incrementAndGet();
				}
			});
			assertThat(winners).as("winners of round %d", round).hasValue(1);
		}
		assertThat(this.fixture.events(LockTakenOverEvent.class)).hasSize(2 * rounds - 1);
	}

	@Test
	void refreshNeverReachesTheNextHolder() throws Exception {
		AtomicInteger refreshed = new AtomicInteger();
		AtomicInteger lost = new AtomicInteger();
		for (int round = 0; round < 500; round++) {
			LockHandle loser = acquire(LockRequest.of("x").by("loser").ttl(Duration.ofSeconds(300)).force());
			LockHandle[] winner = new LockHandle[1];
			TestThreads.race(2, (side) -> {
				if (side == 0) {
					winner[0] = acquire(LockRequest.of("x").by("winner").ttl(Duration.ofSeconds(9)).force());
				}
				else {
					(loser.refresh() ? refreshed : lost).incrementAndGet();
				}
			});
			assertThat(this.locks.find("x").orElseThrow()).returns(winner[0].fence(), (lock) -> lock.fence());
			assertThat(this.locks.find("x").orElseThrow().expiresIn()).isLessThanOrEqualTo(Duration.ofSeconds(9));
			assertThat(loser.refresh()).isFalse();
		}
		System.out.printf("Refresh against takeover: %d refreshed before, %d lost, 0 reached the winner%n",
				refreshed.get(), lost.get());
	}

	@Test
	void grantIsEitherReleasedOrExpiredNeverBoth() throws Exception {
		Set<Long> granted = ConcurrentHashMap.newKeySet();
		Set<Long> released = ConcurrentHashMap.newKeySet();
		Set<Long> expired = ConcurrentHashMap.newKeySet();
		try (ExpiryCollector worker = new ExpiryCollector(this.fixture, expired)) {
			TestThreads.race(4, (client) -> {
				for (int i = 0; i < 400; i++) {
					String resource = "r" + client;
					LockHandle handle = acquire(LockRequest.of(resource)
						.by(client)
						.ttl(Duration.ofMillis(1 + i % 3))
						.waitUpTo(Duration.ofSeconds(10)));
					granted.add(handle.fence());
					if (this.locks.unlock(resource, client)) {
						released.add(handle.fence());
					}
				}
			});
			worker.awaitAll(granted.size() - released.size());
		}
		assertThat(released).doesNotContainAnyElementsOf(expired);
		assertThat(released.size() + expired.size()).isEqualTo(granted.size()).isEqualTo(1600);
		System.out.printf("Release against expiry: %d grants, %d released, %d expired, 0 both, 0 neither%n",
				granted.size(), released.size(), expired.size());
	}

	@Test
	void waitersHandALockOverAThousandTimes() throws Exception {
		int waiters = 32;
		int handOvers = 1000;
		AtomicInteger left = new AtomicInteger(handOvers);
		AtomicInteger holders = new AtomicInteger();
		AtomicLong releasedAt = new AtomicLong();
		List<Long> latencies = new ArrayList<>();
		TestThreads.race(waiters, (waiter) -> {
			while (left.get() > 0) {
				LockHandle handle = acquire(LockRequest.of("x").by(waiter).waitUpTo(Duration.ofSeconds(60)));
				assertThat(holders.incrementAndGet()).isEqualTo(1);
				long before = releasedAt.get();
				if (before > 0 && latencies.size() < handOvers) {
					latencies.add(System.nanoTime() - before);
				}
				left.decrementAndGet();
				holders.decrementAndGet();
				releasedAt.set(System.nanoTime());
				handle.close();
			}
		});
		assertThat(latencies).hasSizeGreaterThanOrEqualTo(handOvers - 1);
		long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
		System.out.printf("Hand-over among %d waiters, %d times: p50 %.2f ms, p99 %.2f ms%n", waiters, sorted.length,
				sorted[sorted.length / 2] / 1e6, sorted[sorted.length * 99 / 100] / 1e6);
		assertThat(Arrays.stream(sorted).max().orElseThrow()).isLessThan(Duration.ofSeconds(10).toNanos());
		assertThat(this.locks.getLocker("x")).isNull();
	}

	private LockHandle acquire(LockRequest request) {
		return ((LockAttempt.Acquired) this.locks.tryLock(request)).handle();
	}

}
