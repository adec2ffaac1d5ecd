package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.locky.LockAttempt;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What is in Redis, on any Redis: keys, records, messages.
 */
abstract class RedisContract extends LockyContract {

	private static final Duration LONG = Duration.ofSeconds(30);

	@Test
	void unlockFreesTheResourceAndLeavesOnlyTheFence() {
		this.locks.lock("article:23", 20);
		assertThat(this.locks.unlock("article:23")).isTrue();
		assertThat(this.fixture.allKeys()).containsExactly(this.fixture.key("article:23", "fence"));
		assertThat(this.locks.lock("article:23", 21)).isTrue();
	}

	@Test
	void everyKeyStartsWithThePrefix() {
		this.locks.lock("article:12", 20);
		assertThat(this.fixture.allKeys()).allMatch((key) -> key.startsWith(this.fixture.prefix()))
			.filteredOn((key) -> !key.equals(this.fixture.key("article:12", "lockers")))
			.containsExactlyInAnyOrder(this.fixture.key("article:12", "deadlines"),
					this.fixture.key("article:12", "fence"), this.fixture.lockKey("article:12"),
					this.fixture.key("article:12", "records"));
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -7 })
	void fenceThatNoGrantHasIsRefusedForAForeignLock(long fence) {
		this.fixture.redis().opsForValue().set(this.fixture.lockKey("x"), "ann");
		List<Runnable> calls = List.of(() -> this.locks.tryRefresh("x", "ann", fence),
				() -> this.locks.refresh("x", "ann", fence), () -> this.locks.unlock("x", "ann", fence));
		for (Runnable call : calls) {
			assertThatIllegalArgumentException().isThrownBy(call::run)
				.withMessageStartingWith("'fence' must be positive, but is %d: ".formatted(fence));
		}
		assertThat(this.locks.getLocker("x")).isEqualTo("ann");
	}

	@Test
	void locksWithoutTheirKeysAreNotListed() {
		this.fixture.template(null).lock("x", "ann");
		this.locks.lock("y", "ann");
		this.fixture.redis().delete(List.of(this.fixture.lockKey("x"), this.fixture.lockKey("y")));
		Double deadline = deadline("y");
		assertThat(this.locks.list(LockQuery.all()).locks()).isEmpty();
		assertThat(deadline("x")).isFinite();
		assertThat(deadline("y")).isEqualTo(deadline);
		assertThat(record("x")).isNotNull();
		assertThat(record("y")).isNotNull();
	}

	@Test
	@Timeout(60)
	void manyWaitersShareOneSubscription() {
		acquire(LockRequest.of("x").by("ann"));
		List<CompletableFuture<LockAttempt>> waiters = IntStream.range(0, 6)
			.mapToObj((number) -> LockRequest.of("x").by("waiter-" + number).waitUpTo(LONG))
			.map((request) -> TestThreads.supply(() -> this.locks.tryLock(request)))
			.toList();
		await().until(() -> this.template.waiters("x").size() == 6 && this.fixture.isSubscribed());
		// Publishing returns the number of subscribers, but only those of one server.
		if (!redis().isCluster()) {
			assertThat(this.fixture.redis().convertAndSend(this.fixture.keys().signals(), "test")).isEqualTo(1);
		}
		this.locks.unlock("x");
		for (int served = 0; served < 6; served++) {
			await().until(() -> this.locks.unlock("x"));
		}
		assertThat(waiters).allSatisfy(
				(waiter) -> assertThat(waiter.get(10, TimeUnit.SECONDS)).isInstanceOf(LockAttempt.Acquired.class));
	}

	@Test
	@Timeout(60)
	void waiterWithoutAHintLooksAgainWithinSeconds() throws Exception {
		try (LockyFixture deaf = newFixture()) {
			LockyTemplate silent = deaf.template(Duration.ofMinutes(5));
			silent.lock("x", "ann");
			CompletableFuture<LockAttempt> waiter = TestThreads
				.supply(() -> silent.tryLock(LockRequest.of("x").by("bob").waitUpTo(LONG)));
			await().until(() -> deaf.isSubscribed());
			deaf.redis().delete(deaf.lockKey("x"));
			assertThat(waiter.get(5, TimeUnit.SECONDS)).isInstanceOf(LockAttempt.Acquired.class);
		}
	}

}
