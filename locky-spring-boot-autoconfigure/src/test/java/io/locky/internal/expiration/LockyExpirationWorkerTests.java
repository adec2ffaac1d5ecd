package io.locky.internal.expiration;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockyEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.LockyInstance;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Instances on one Redis, as applications start them.
 */
class LockyExpirationWorkerTests {

	private final Set<Thread> others = allWorkerThreads().collect(Collectors.toSet());

	private final List<LockyInstance> instances = new ArrayList<>();

	private static final String TTL = "400ms";

	private LockyFixture fixture;

	@BeforeEach
	void openFixture() {
		this.fixture = new LockyFixture(TestRedis.connectionFactory());
	}

	@AfterEach
	void closeAll() {
		this.instances.forEach(LockyInstance::close);
		this.fixture.close();
	}

	@Test
	void expiryIsPublishedOnceShortlyAfterTheDeadline() {
		startInstances(3);
		LockyTemplate locks = this.instances.get(0).locks();
		for (int i = 0; i < 50; i++) {
			locks.lock("article:" + i, "user-" + i);
		}
		await().until(() -> expired().size() >= 50);
		await().during(Duration.ofMillis(300)).until(() -> expired().size() == 50);
		assertThat(expired()).extracting(LockExpiredEvent::getResource)
			.containsExactlyInAnyOrderElementsOf(IntStream.range(0, 50).mapToObj((i) -> "article:" + i).toList());
		assertThat(expired()).allSatisfy((event) -> {
			assertThat(event.getLocker()).isEqualTo(event.getResource().replace("article:", "user-"));
			assertThat(event.getFence()).isPositive();
			assertThat(Duration.between(event.getOccurredAt(), Instant.ofEpochMilli(event.getTimestamp())))
				.isBetween(Duration.ZERO, Duration.ofSeconds(2));
		});
		assertNothingIsLeft();
	}

	@Test
	void forcedLockExpiresWithItsLastLockerOnly() {
		startInstances(1);
		this.instances.get(0).locks().lock("x", "ann");
		this.instances.get(0).locks().lock(LockRequest.of("x").by("bob").force());
		await().until(() -> !expired().isEmpty());
		assertThat(expired()).singleElement().returns("bob", LockExpiredEvent::getLocker);
	}

	@Test
	void earlierDeadlineWakesTheWorker() {
		startInstances(1);
		this.instances.get(0).locks().lock(LockRequest.of("late").by(1).ttl(Duration.ofMinutes(5)));
		this.instances.get(0).locks().lock(LockRequest.of("soon").by(1).ttl(Duration.ofMillis(20)));
		await().until(() -> !expired().isEmpty());
		assertThat(expired()).singleElement().returns("soon", LockExpiredEvent::getResource);
	}

	@Test
	void expiryDuringDowntimeIsPublishedByTheNextInstance() {
		LockyTemplate locks = this.fixture.template(Duration.ofMillis(10));
		locks.lock("x", "ann");
		await().until(() -> locks.getLocker("x") == null);
		startInstances(2);
		await().until(() -> !expired().isEmpty());
		await().during(Duration.ofMillis(300)).until(() -> expired().size() == 1);
		assertThat(expired()).singleElement().returns("ann", LockExpiredEvent::getLocker);
		assertNothingIsLeft();
	}

	@Test
	void nextLockerHasTheExpiryPublishedOnce() {
		LockyTemplate locks = this.fixture.template(Duration.ofMillis(10));
		locks.lock("x", "ann");
		await().until(() -> locks.lock(LockRequest.of("x").by("bob").ttl(Duration.ofMinutes(5))));
		assertThat(this.fixture.events()).extracting((event) -> event.getClass().getSimpleName(), LockyEvent::getLocker)
			.containsExactly(tuple("LockAcquiredEvent", "ann"), tuple("LockAcquiredEvent", "bob"));
		startInstances(2);
		await().until(() -> !expired().isEmpty());
		await().until(() -> !this.fixture.redis().hasKey(this.fixture.prefix() + "unacked"));
		await().during(Duration.ofMillis(300)).until(() -> expired().size() == 1);
		assertThat(expired()).singleElement().returns("ann", LockExpiredEvent::getLocker);
		assertThat(this.fixture.events()).hasSize(2);
	}

	@Test
	void refreshedAndReleasedLocksDoNotExpire() {
		startInstances(1);
		LockyTemplate locks = this.instances.get(0).locks();
		locks.lock("released", 1);
		locks.unlock("released");
		locks.lock(LockRequest.of("refreshed").by(1).ttl(Duration.ofMillis(800)));
		Instant until = Instant.now().plusMillis(1600);
		await().pollInterval(Duration.ofMillis(50)).until(() -> {
			locks.refresh("refreshed");
			return Instant.now().isAfter(until);
		});
		assertThat(expired()).isEmpty();
	}

	@Test
	void failingListenerBreaksNeitherLockNorWorker() {
		startInstances(1);
		LockyTemplate locks = this.instances.get(0).locks();
		assertThat(locks.lock("poison:1", 1)).isTrue();
		assertThat(locks.lock("poison:2", 1)).isTrue();
		await().until(() -> expired().size() == 2);
		assertThat(locks.lock("wholesome", 1)).isTrue();
		await().until(() -> expired().size() == 3);
		assertNothingIsLeft();
	}

	@Test
	void stoppedWorkerLeavesNoThreadAndStartsAgain() {
		startInstances(1);
		LockyTemplate locks = this.instances.get(0).locks();
		locks.stop();
		assertThat(locks.isRunning()).isFalse();
		assertThat(workerThreads()).isZero();
		locks.lock("x", 1);
		await().during(Duration.ofMillis(600)).until(() -> expired().isEmpty());
		locks.start();
		await().until(() -> expired().size() == 1);
		locks.lock("y", 1);
		await().until(() -> expired().size() == 2);
	}

	@Test
	void closedContextLeavesNoThread() {
		startInstances(2);
		this.instances.get(0).locks().lock("x", 1);
		await().until(() -> expired().size() == 1);
		assertThat(workerThreads()).isEqualTo(2);
		this.instances.forEach(LockyInstance::close);
		assertThat(workerThreads()).isZero();
	}

	@Test
	void workerCanBeSwitchedOff() {
		this.instances.add(LockyInstance.start("locky.prefix=" + this.fixture.prefix(), "locky.ttl=20ms",
				"locky.expiration.enabled=false"));
		assertThat(workerThreads()).isZero();
		this.instances.get(0).locks().lock("x", 1);
		await().during(Duration.ofMillis(200)).until(() -> expired().isEmpty());
	}

	private void startInstances(int count) {
		for (int i = 0; i < count; i++) {
			this.instances.add(LockyInstance.start("locky.prefix=" + this.fixture.prefix(), "locky.ttl=" + TTL));
		}
	}

	private List<LockExpiredEvent> expired() {
		return this.instances.stream().flatMap((instance) -> instance.expired().stream()).toList();
	}

	private void assertNothingIsLeft() {
		await().untilAsserted(() -> assertThat(this.fixture.allKeys()).contains(this.fixture.prefix() + "fence")
			.isSubsetOf(this.fixture.prefix() + "fence", this.fixture.prefix() + "settings"));
	}

	/** Those of this test: other application contexts of this JVM may be kept running. */
	private long workerThreads() {
		return allWorkerThreads().filter((thread) -> !this.others.contains(thread)).count();
	}

	private static Stream<Thread> allWorkerThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("locky-expiration") && thread.isAlive());
	}

}
