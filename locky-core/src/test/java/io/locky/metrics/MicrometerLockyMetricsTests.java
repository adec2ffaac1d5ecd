package io.locky.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.UnreadableLockException;
import io.locky.core.LockyTemplate;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.expiration.TestClaims;
import io.locky.observation.LockyObservations;
import io.locky.testing.CapturedLog;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a registry has after operations on a real Redis.
 */
class MicrometerLockyMetricsTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final LockyMetrics metrics = new MicrometerLockyMetrics(this.registry);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate locks = this.fixture.start(this.fixture.settings().ttl(Duration.ofSeconds(30)).build(),
			this.metrics, LockyObservations.NONE);

	@AfterEach
	void close() {
		this.fixture.close();
	}

	@Test
	void requestsAreCountedByOutcome() {
		this.locks.lock("article:1", "ann");
		this.locks.lock("article:1", "bob");
		this.locks.lock(LockRequest.of("article:1").by("ann").reentrant());
		this.locks.lock(LockRequest.of("article:1").by("bob").force());
		this.locks.lockAll(List.of("article:2", "article:3"), "ann");
		this.locks.lockAll(List.of("article:3", "article:4"), "ann");
		assertThat(requests("acquired")).isEqualTo(2);
		assertThat(requests("denied")).isEqualTo(2);
		assertThat(requests("reentered")).isEqualTo(1);
		assertThat(requests("taken-over")).isEqualTo(1);
		assertThat(requests("failed")).isZero();
	}

	@Test
	void requestThatFailsIsCounted() {
		this.fixture.redis().opsForList().leftPush(this.fixture.lockKey("article:1"), "not a lock");
		assertThatExceptionOfType(UnreadableLockException.class).isThrownBy(() -> this.locks.lock("article:1", "ann"));
		CompletableFuture<LockAttempt> future = this.locks.tryLockAsync(LockRequest.of("article:1").by("ann"));
		await().until(future::isCompletedExceptionally);
		assertThat(requests("failed")).isEqualTo(2);
	}

	@Test
	void waitOfAThreadIsMeasured() {
		this.locks.lock("article:1", "ann");
		CompletableFuture.runAsync(() -> {
			await().until(() -> !this.locks.waiters("article:1").isEmpty());
			this.locks.unlock("article:1");
		});
		assertThat(this.locks.lock(LockRequest.of("article:1").by("bob").waitUpTo(Duration.ofSeconds(20)))).isTrue();
		Timer waits = wait("acquired");
		assertThat(waits.count()).isEqualTo(1);
		assertThat(waits.totalTime(TimeUnit.MILLISECONDS)).isBetween(1.0, 20000.0);
		assertThat(requests("acquired")).isEqualTo(2);
	}

	@Test
	void waitWithoutAThreadIsMeasured() {
		this.locks.lock("article:1", "ann");
		CompletableFuture<LockAttempt> given = this.locks
			.tryLockAsync(LockRequest.of("article:1").by("bob").waitUpTo(Duration.ofMillis(200)));
		assertThat(given.join()).isInstanceOf(LockAttempt.Denied.class);
		assertThat(wait("denied").count()).isEqualTo(1);
		assertThat(wait("denied").totalTime(TimeUnit.MILLISECONDS)).isGreaterThan(150);
	}

	@Test
	void waitThatIsGivenUpIsMeasured() {
		this.locks.lock("article:1", "ann");
		CompletableFuture<LockAttempt> waiting = this.locks
			.tryLockAsync(LockRequest.of("article:1").by("bob").waitUpTo(Duration.ofMinutes(1)));
		await().until(() -> this.fixture.redis().hasKey(this.fixture.key("article:1", "waiting")));
		waiting.cancel(true);
		await().untilAsserted(() -> assertThat(requests("cancelled")).isEqualTo(1));
	}

	@Test
	void holdLastsFromGrantToRelease() {
		this.locks.lock("article:1", "ann");
		long fence = this.locks.find("article:1").orElseThrow().fence();
		await().pollDelay(Duration.ofMillis(50)).until(() -> this.locks.unlock("article:1", "ann"));
		LockReleasedEvent released = this.fixture.events(LockReleasedEvent.class).get(0);
		Timer holds = hold("released");
		assertThat(holds.count()).isEqualTo(1);
		assertThat(holds.totalTime(TimeUnit.MICROSECONDS))
			.isEqualTo(released.getOccurredAt().toEpochMilli() * 1000.0 - fence);
		assertThat(holds.totalTime(TimeUnit.MILLISECONDS)).isBetween(49.0, 15000.0);
	}

	@Test
	void expiryHasItsLagAndItsHold() {
		LockyTemplate worker = start(this.fixture.settings().expiration(true).build());
		worker.lock(LockRequest.of("article:1").by("ann").ttl(Duration.ofMillis(150)));
		await().untilAsserted(() -> assertThat(lag().count()).isEqualTo(1));
		await().untilAsserted(() -> assertThat(hold("expired").count()).isEqualTo(1));
		assertThat(lag().totalTime(TimeUnit.MILLISECONDS)).isBetween(0.0, 15000.0);
		assertThat(hold("expired").totalTime(TimeUnit.MILLISECONDS)).isBetween(149.0, 151.0);
		assertThat(redeliveries()).isZero();
	}

	@Test
	void expiryOfAWorkerThatDiedIsARedelivery() {
		this.locks.lock(LockRequest.of("article:1").by("ann").ttl(Duration.ofMillis(1)));
		TestClaims dead = new TestClaims(this.fixture);
		dead.awaitDue(this.fixture.scripts());
		dead.claim(this.fixture.scripts(), 10, Duration.ofMillis(1));
		start(this.fixture.settings().expiration(true).build());
		await().untilAsserted(() -> assertThat(redeliveries()).isEqualTo(1));
		await().untilAsserted(() -> assertThat(lag().count()).isEqualTo(1));
	}

	@Test
	void renewalsAndTheirLossAreCounted() {
		LockHandle handle = renewed("article:1", Duration.ofMillis(300));
		await().untilAsserted(() -> assertThat(count("locky.renewals", "result", "renewed")).isPositive());
		this.fixture.redis().delete(this.fixture.lockKey("article:1"));
		await().until(() -> !handle.isValid());
		await().untilAsserted(() -> assertThat(count("locky.renewals", "result", "lost")).isEqualTo(1));
		assertThat(losses("gone")).isEqualTo(1);
	}

	@Test
	void lossesAreCountedByReason() {
		renewed("article:1", Duration.ofSeconds(30));
		this.locks.lock(LockRequest.of("article:1").by("bob").force());
		renewed("article:2", Duration.ofSeconds(30));
		this.locks.unlock("article:2");
		renewed("article:3", Duration.ofSeconds(30));
		this.locks.stop();
		assertThat(losses("taken-over")).isEqualTo(1);
		assertThat(losses("released")).isEqualTo(1);
		assertThat(losses("shutdown")).isEqualTo(1);
		assertThat(losses("gone")).isZero();
	}

	@Test
	void redisThatIsGoneFailsRenewalsUntilTheLeaseHasExpired() {
		try (EmbeddedRedis redis = EmbeddedRedis.start()) {
			LettuceConnectionFactory connection = TestRedis.connect("127.0.0.1", redis.port(), Duration.ofMillis(200));
			LockyFixture own = new LockyFixture(connection);
			LockyTemplate cut = own.start(own.settings().build(), this.metrics, LockyObservations.NONE);
			cut.tryLock(LockRequest.of("article:1").by("ann").ttl(Duration.ofSeconds(1)).autoRenew());
			redis.stop();
			await().untilAsserted(() -> assertThat(losses("expired")).isEqualTo(1));
			assertThat(count("locky.renewals", "result", "failed")).isPositive();
			assertThat(losses("gone")).isZero();
			own.closeTemplates();
			connection.destroy();
		}
	}

	@Test
	void exceptionsOfListenersAreCounted() {
		try (LockyTemplate failing = new LockyTemplate(this.fixture.redis(), this.fixture.settings().build(),
				(event) -> {
					throw new IllegalStateException("A listener that fails on purpose");
				}, this.metrics, LockyObservations.NONE)) {
			failing.lock("article:1", "ann");
			failing.unlock("article:1", "ann");
		}
		assertThat(count("locky.listener.failures")).isEqualTo(2);
	}

	@Test
	void renewedHandlesOfAllTemplatesAreAdded() {
		try (CapturedLog log = new CapturedLog()) {
			LockyTemplate sameMetrics = start(this.fixture.settings().build());
			LockyTemplate sameRegistry = this.fixture.start(this.fixture.settings().build(),
					new MicrometerLockyMetrics(this.registry), LockyObservations.NONE);
			renewed("article:1", Duration.ofSeconds(30));
			sameMetrics.tryLock(LockRequest.of("article:2").by("ann").ttl(Duration.ofSeconds(30)).autoRenew());
			sameRegistry.tryLock(LockRequest.of("article:3").by("ann").ttl(Duration.ofSeconds(30)).autoRenew());
			assertThat(this.registry.get("locky.handles.renewed").gauge().value()).isEqualTo(3);
			assertThat(log.messages(Level.WARN)).isEmpty();
			sameRegistry.close();
			assertThat(this.registry.get("locky.handles.renewed").gauge().value()).isEqualTo(2);
		}
	}

	@Test
	void gapInTheEventLogIsCounted() {
		LockyTemplate author = start(this.fixture.settings().broadcast(true).build());
		start(this.fixture.settings().broadcast(true).build());
		author.lock("article:1", "ann");
		await().until(() -> this.fixture.events(LockAcquiredEvent.class).stream().anyMatch(LockyEvent::isRemote));
		this.fixture.redis().delete(this.fixture.key("article:1", "events"));
		author.lock("article:2", "ann");
		await().untilAsserted(() -> assertThat(count("locky.events.gaps")).isPositive());
	}

	@Test
	void scriptsAreTimedByName() {
		this.locks.lock("article:1", "ann");
		this.locks.getLocker("article:1");
		this.locks.unlock("article:1");
		assertThat(script("lock", "answered")).isEqualTo(1);
		assertThat(script("find", "answered")).isEqualTo(1);
		assertThat(script("unlock", "answered")).isEqualTo(1);
	}

	@Test
	void noTagNamesAResourceOrALocker() {
		LockyTemplate worker = start(this.fixture.settings().expiration(true).broadcast(true).build());
		worker.lock(LockRequest.of("secret-thing").by("secret-person").ttl(Duration.ofMillis(10)));
		await().untilAsserted(() -> assertThat(lag().count()).isEqualTo(1));
		assertThat(this.registry.getMeters()).flatExtracting((meter) -> meter.getId().getTags())
			.extracting(Tag::getValue)
			.noneMatch((value) -> value.contains("secret"));
		assertThat(this.registry.getMeters()).extracting(Meter::getId)
			.filteredOn((id) -> !id.getName().endsWith(".histogram"))
			.allMatch((id) -> id.getName().startsWith("locky.") && id.getDescription() != null);
	}

	private LockyTemplate start(LockySettings settings) {
		return this.fixture.start(settings, this.metrics, LockyObservations.NONE);
	}

	private LockHandle renewed(String resource, Duration ttl) {
		return ((LockAttempt.Acquired) this.locks.tryLock(LockRequest.of(resource).by("ann").ttl(ttl).autoRenew()))
			.handle();
	}

	private double requests(String outcome) {
		return count("locky.acquisitions", "outcome", outcome);
	}

	private double losses(String reason) {
		return count("locky.losses", "reason", reason);
	}

	private double redeliveries() {
		return count("locky.expiry.redeliveries");
	}

	private double count(String name, String... tags) {
		Counter counter = this.registry.get(name).tags(tags).counter();
		return counter.count();
	}

	private Timer wait(String outcome) {
		return this.registry.get("locky.acquisition.wait").tag("outcome", outcome).timer();
	}

	private Timer hold(String end) {
		return this.registry.get("locky.hold").tag("end", end).timer();
	}

	private Timer lag() {
		return this.registry.get("locky.expiry.lag").timer();
	}

	private long script(String name, String result) {
		return this.registry.get("locky.script").tags("script", name, "result", result).timer().count();
	}

}
