package io.locky.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.locky.LockRequest;
import io.locky.LockWaiter;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who waits for a lock, as one instance reads it.
 */
class LockWaitersTests {

	@Test
	void waitersOfAllInstancesAreFoundInTheirOrder() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyTemplate one = fixture.template(Duration.ofMinutes(1));
			LockyTemplate two = fixture.template(Duration.ofMinutes(1));
			one.lock("article:1", "ann");
			Instant before = TestRedis.time();
			waitFor(one, "article:1");
			await().until(() -> one.waiters("article:1").size() == 1);
			waitFor(two, "article:1");
			await().until(() -> one.waiters("article:1").size() == 2);
			List<LockWaiter> waiters = two.waiters("article:1");
			assertThat(waiters).extracting(LockWaiter::instance).doesNotHaveDuplicates().doesNotContain("");
			assertThat(waiters).extracting(LockWaiter::since)
				.isSorted()
				.allMatch((since) -> !since.isBefore(before) && !since.isAfter(TestRedis.time()));
			assertThat(one.waiters("article:2")).isEmpty();
		}
	}

	private static void waitFor(LockyTemplate locks, String resource) {
		locks.tryLockAsync(LockRequest.of(resource).by("bob").waitUpTo(Duration.ofMinutes(1)));
	}

}
