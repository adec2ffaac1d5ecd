package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.event.LockExpiredEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An expiry that no worker has published when the lock is acquired again.
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
		LockyTemplate locks = this.fixture.start(this.fixture.keys(), this.fixture.settings().build(), (event) -> {
			if (event instanceof LockExpiredEvent expiry) {
				await().until(() -> goOn.getCount() == 0);
				expired.add(expiry.getLocker());
			}
		});
		locks.lock(LockRequest.of("x").by("ann").ttl(Duration.ofMillis(20)));
		await().until(() -> locks.getLocker("x") == null);
		LockAttempt attempt = locks.tryLock(LockRequest.of("x").by("bob").ttl(Duration.ofSeconds(2)));
		assertThat(((LockAttempt.Acquired) attempt).handle().isValid()).isTrue();
		assertThat(expired).isEmpty();
		goOn.countDown();
		await().until(() -> expired.equals(List.of("ann")));
		await().until(() -> !this.fixture.redis().hasKey(this.fixture.prefix() + "unacked"));
	}

}
