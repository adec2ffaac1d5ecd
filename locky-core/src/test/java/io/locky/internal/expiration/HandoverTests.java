package io.locky.internal.expiration;

import java.time.Duration;
import java.util.ArrayList;
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

	private static final Duration ACK_TIMEOUT = Duration.ofMinutes(1);

	@Test
	void claimOfAnAttemptIsPublishedByTheRunningWorkerOnly() {
		List<String> published = new CopyOnWriteArrayList<>();
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());
				LockySignals signals = fixture.newSignals()) {
			TestAttempts attempts = new TestAttempts(fixture.scripts(), fixture.keys());
			attempts.acquire("x", "ann", Duration.ofMillis(1));
			await().until(() -> attempts.find(List.of("x")).isEmpty());
			ExpiryClaim found = attempts.acquire("x", "bob", Duration.ofMinutes(1)).get(0);
			LockyExpirationWorker worker = worker(fixture, signals, published);
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
	void claimOfAStoppedWorkerIsOfferedToOthersAtOnce() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());
				LockySignals signals = fixture.newSignals()) {
			LockyExpirationWorker worker = worker(fixture, signals, new CopyOnWriteArrayList<>());
			worker.start();
			String claimer = worker.claimer();
			ExpiryClaim found = unackedClaim(fixture, claimer);
			worker.stop();
			assertThat(worker.claimer()).isEmpty();
			List<Runnable> cleanUp = new ArrayList<>();
			FoundExpiries foundExpiries = new FoundExpiries(fixture.scripts(), fixture.keys(), worker, ACK_TIMEOUT,
					cleanUp::add);
			foundExpiries.handOver(List.of(found), System.nanoTime());
			assertThat(cleanUp).hasSize(1);
			cleanUp.get(0).run();
			List<String> published = new CopyOnWriteArrayList<>();
			LockyExpirationWorker other = worker(fixture, signals, published);
			other.start();
			await().atMost(Duration.ofSeconds(10)).until(() -> !published.isEmpty());
			await().until(() -> !fixture.redis().hasKey(fixture.prefix() + "unacked"));
			other.stop();
			assertThat(published).containsExactly("ann");
		}
	}

	@Test
	void claimOfALostAnswerIsPublishedAtOnce() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());
				LockySignals signals = fixture.newSignals()) {
			List<String> published = new CopyOnWriteArrayList<>();
			LockyExpirationWorker worker = worker(fixture, signals, published);
			worker.start();
			unackedClaim(fixture, worker.claimer());
			unackedClaim(fixture, "another");
			FoundExpiries found = new FoundExpiries(fixture.scripts(), fixture.keys(), worker, ACK_TIMEOUT,
					Runnable::run);
			found.answerLost("x");
			await().atMost(Duration.ofSeconds(10)).until(() -> !published.isEmpty());
			await().until(() -> fixture.redis().opsForZSet().zCard(fixture.prefix() + "unacked") == 1);
			worker.stop();
			assertThat(published).containsExactly("ann");
		}
	}

	@Test
	void handoverNeverFailsTheAttempt() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			FoundExpiries found = new FoundExpiries(fixture.scripts(), fixture.keys(), null, ACK_TIMEOUT, (step) -> {
				throw new OutOfMemoryError("A thread that cannot be started on purpose");
			});
			ExpiryClaim claim = unackedClaim(fixture, "worker");
			assertThatNoException().isThrownBy(() -> found.handOver(List.of(claim), System.nanoTime()));
			assertThatNoException().isThrownBy(() -> found.answerLost("x"));
			assertThat(found.claimer()).isEmpty();
		}
	}

	private static LockyExpirationWorker worker(LockyFixture fixture, LockySignals signals, List<String> published) {
		return new LockyExpirationWorker(fixture.scripts(), fixture.keys(), signals,
				new LockyEventPublisher((event) -> published.add(((LockExpiredEvent) event).getLocker())), ACK_TIMEOUT,
				2);
	}

	/** As an attempt makes it. */
	private static ExpiryClaim unackedClaim(LockyFixture fixture, String claimer) {
		String text = "[[\"x\",\"1718000000000\"],[\"ann\"],[\"7\"],\"" + claimer + "\"]";
		fixture.redis()
			.opsForZSet()
			.add(fixture.prefix() + "unacked", text, System.currentTimeMillis() + ACK_TIMEOUT.toMillis());
		return ExpiryClaim.read(List.of(text)).get(0);
	}

}
