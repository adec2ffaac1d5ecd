package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.event.LockExpiredEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An expiry that no worker has published when the lock is acquired again. Its key is
 * deleted before its deadline, so that no worker can be faster than the attempt.
 */
class FoundExpiryTests {

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void slowListenerDoesNotDelayTheNextLocker() {
		CountDownLatch goOn = new CountDownLatch(1);
		List<String> expired = new CopyOnWriteArrayList<>();
		LockyTemplate locks = this.fixture.start(this.fixture.keys(), this.fixture.settings().expiration(true).build(),
				(event) -> {
					if (event instanceof LockExpiredEvent expiry) {
						await().until(() -> goOn.getCount() == 0);
						expired.add(expiry.getLocker());
					}
				});
		expireUnseen(locks, "x", "ann");
		LockAttempt attempt = locks.tryLock(LockRequest.of("x").by("bob").ttl(Duration.ofSeconds(5)));
		assertThat(((LockAttempt.Acquired) attempt).handle().isValid()).isTrue();
		assertThat(expired).isEmpty();
		goOn.countDown();
		await().until(() -> expired.equals(List.of("ann")));
		await().until(() -> !this.fixture.redis().hasKey(this.fixture.prefix() + "unacked"));
		assertThat(expired).containsExactly("ann");
	}

	@Test
	void withoutAWorkerAnotherInstancePublishesAtOnce() {
		List<LockExpiredEvent> here = new CopyOnWriteArrayList<>();
		List<LockExpiredEvent> other = new CopyOnWriteArrayList<>();
		List<LockExpiredEvent> third = new CopyOnWriteArrayList<>();
		LockyTemplate locks = instance("here", false, here);
		instance("other", true, other);
		instance("third", false, third);
		for (int i = 0; i < 5; i++) {
			expireUnseen(locks, "x" + i, "ann");
		}
		assertThat(locks.lockAll(List.of("x0", "x1", "x2", "x3", "x4"), "bob")).isTrue();
		await().atMost(Duration.ofSeconds(5)).until(() -> here.size() == 5 && other.size() == 5 && third.size() == 5);
		await().until(() -> !this.fixture.redis().hasKey(this.fixture.prefix() + "unacked"));
		assertThat(other).noneMatch(LockExpiredEvent::isRemote).hasSize(5);
		assertThat(here).allMatch(LockExpiredEvent::isRemote).hasSize(5);
		assertThat(third).allMatch(LockExpiredEvent::isRemote).hasSize(5);
		assertThat(here).extracting(LockExpiredEvent::getOrigin).containsOnly("other");
	}

	@Test
	void withoutAnyWorkerItWaitsForTheFirst() {
		LockyTemplate locks = this.fixture.template(Duration.ofMillis(10));
		locks.lock("x", "ann");
		await().until(() -> locks.lock(LockRequest.of("x").by("bob").ttl(Duration.ofMinutes(5))));
		List<LockExpiredEvent> published = new CopyOnWriteArrayList<>();
		instance("first", true, published);
		await().atMost(Duration.ofSeconds(5)).until(() -> !published.isEmpty());
		await().until(() -> !this.fixture.redis().hasKey(this.fixture.prefix() + "unacked"));
		assertThat(published).singleElement().returns("ann", LockExpiredEvent::getLocker);
		assertThat(this.fixture.events(LockExpiredEvent.class)).isEmpty();
	}

	private LockyTemplate instance(String name, boolean worker, List<LockExpiredEvent> received) {
		LockySettings settings = this.fixture.settings()
			.expiration(worker)
			.broadcast(true)
			.instance(name)
			.eventLogLength(1000)
			.build();
		return this.fixture.start(LockyRuntime.keys(TestRedis.connectionFactory(), settings), settings, (event) -> {
			if (event instanceof LockExpiredEvent expiry) {
				received.add(expiry);
			}
		});
	}

	private void expireUnseen(LockyTemplate locks, String resource, String locker) {
		locks.lock(LockRequest.of(resource).by(locker).ttl(Duration.ofMinutes(5)));
		this.fixture.redis().delete(this.fixture.lockKey(resource));
	}

}
