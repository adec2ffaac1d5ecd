package io.locky.internal.expiration;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.event.LockExpiredEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.lock.TestAttempts;
import io.locky.internal.redis.LockySignals;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

class HandoverTests {

	@Test
	void claimOfAnAttemptIsPublishedByTheRunningWorkerOnly() {
		List<String> published = new CopyOnWriteArrayList<>();
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());
				LockySignals signals = fixture.newSignals()) {
			TestAttempts attempts = new TestAttempts(fixture.scripts(), fixture.keys());
			attempts.acquire("x", "ann", Duration.ofMillis(1));
			await().until(() -> attempts.find(List.of("x")).isEmpty());
			ExpiryClaim found = attempts.acquire("x", "bob", Duration.ofMinutes(1)).get(0);
			LockyExpirationWorker worker = new LockyExpirationWorker(fixture.scripts(), fixture.keys(), signals,
					new LockyEventPublisher((event) -> published.add(((LockExpiredEvent) event).getLocker())),
					Duration.ofSeconds(30), 2);
			assertThat(worker.accept(found, System.nanoTime())).isFalse();
			worker.start();
			assertThat(worker.accept(found, System.nanoTime())).isTrue();
			await().until(() -> published.equals(List.of("ann")));
			await().until(() -> !fixture.redis().hasKey(fixture.prefix() + "unacked"));
			worker.stop();
			assertThat(worker.accept(found, System.nanoTime())).isFalse();
		}
	}

	@Test
	void handoverNeverFailsTheAttempt() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			FoundExpiries found = new FoundExpiries(fixture.scripts(), fixture.keys(),
					new LockyEventPublisher(fixture.publisher()), null);
			found.close();
			ExpiryClaim unreadable = new ExpiryClaim("garbage", List.of());
			assertThatNoException().isThrownBy(() -> found.handOver(List.of(unreadable), System.nanoTime()));
		}
	}

}
