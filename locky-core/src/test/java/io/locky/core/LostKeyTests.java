package io.locky.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.event.LockExpiredEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Locks whose keys are gone before their deadlines: Redis' clock was set back between the
 * end of the lease and its publication, Redis evicted the key, or another client deleted
 * it.
 */
class LostKeyTests {

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void expiryIsPublishedWhenTheClockWasSetBack() {
		LockyTemplate locks = start(Duration.ofMillis(10), false);
		List<String> resources = IntStream.range(0, 3).mapToObj((i) -> "x" + i).toList();
		resources.forEach((resource) -> locks.lock(resource, "ann"));
		await().until(() -> locks.findAll(resources).isEmpty());
		double later = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
		resources.forEach((resource) -> this.fixture.redis()
			.opsForZSet()
			.add(this.fixture.prefix() + "deadlines", resource, later));
		start(null, true);
		assertThat(locks.find("x0")).isEmpty();
		assertThat(locks.lock("x0", "bob")).isTrue();
		assertThat(locks.lockAll(List.of("x1", "x2"), "bob")).isTrue();
		Instant after = Instant.now().plusSeconds(60);
		await().until(() -> expiriesOfAnn().size() == 3);
		assertThat(expiriesOfAnn()).extracting(LockExpiredEvent::getResource)
			.containsExactlyInAnyOrder("x0", "x1", "x2");
		assertThat(expiriesOfAnn()).allSatisfy((event) -> assertThat(event.getOccurredAt()).isBefore(after));
	}

	@Test
	void recordStaysUntilItsDeadline() {
		LockyTemplate locks = start(Duration.ofSeconds(2), true);
		locks.lock("x", "ann");
		deleteKey("x");
		assertThat(locks.find("x")).isEmpty();
		assertThat(locks.unlock("x")).isFalse();
		assertThat(expiriesOfAnn()).isEmpty();
		await().until(() -> expiriesOfAnn().size() == 1);
		await().until(() -> this.fixture.allKeys().size() == 1);
	}

	@Test
	void endlessLockExpiresOnceItIsSeenToBeGone() {
		LockyTemplate locks = start(null, true);
		locks.lock("x", "ann");
		deleteKey("x");
		assertThat(locks.find("x")).isEmpty();
		await().until(() -> expiriesOfAnn().size() == 1);
		await().until(() -> this.fixture.allKeys().size() == 1);
	}

	@Test
	void lockReplacedByAnotherClientExpiresAtItsDeadline() {
		LockyTemplate locks = start(Duration.ofSeconds(1), true);
		locks.lock("x", "ann");
		this.fixture.redis().opsForValue().set(this.fixture.lockKey("x"), "john");
		assertThat(locks.unlock("x", "john")).isTrue();
		await().until(() -> expiriesOfAnn().size() == 1);
		locks.lock(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(5)));
		this.fixture.redis().opsForValue().set(this.fixture.lockKey("x"), "john");
		assertThat(locks.lock(LockRequest.of("x").by("bob").force())).isTrue();
		await().until(() -> expiriesOfAnn().size() == 2);
	}

	private LockyTemplate start(@Nullable Duration ttl, boolean worker) {
		LockySettings settings = this.fixture.settings().ttl(ttl).expiration(worker).build();
		return this.fixture.start(settings);
	}

	private void deleteKey(String resource) {
		this.fixture.redis().delete(this.fixture.lockKey(resource));
	}

	private List<LockExpiredEvent> expiriesOfAnn() {
		return this.fixture.events(LockExpiredEvent.class)
			.stream()
			.filter((event) -> "ann".equals(event.getLocker()))
			.toList();
	}

}
