package io.locky.internal.lock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockLostEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.LockyInstance;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LockRenewerTests {

	private static final Duration TTL = Duration.ofMillis(600);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate locks = this.fixture.template(TTL);

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void renewedHandleOutlivesItsTtlAndIsReleasedByClose() {
		LockHandle handle = acquire(LockRequest.of("x").by("ann").autoRenew());
		await().during(TTL.multipliedBy(3)).atMost(Duration.ofSeconds(20)).until(handle::isValid);
		assertThat(this.locks.find("x").orElseThrow().fence()).isEqualTo(handle.fence());
		handle.close();
		assertThat(handle.isValid()).isFalse();
		assertThat(this.locks.getLocker("x")).isNull();
		assertThat(this.fixture.events(LockLostEvent.class)).isEmpty();
	}

	@Test
	void slowListenerCostsNoRenewedLock() {
		LockyTemplate listened = this.fixture.start(this.fixture.keys(), this.fixture.settings().ttl(TTL).build(),
				(event) -> await().pollDelay(TTL.multipliedBy(2)).atMost(Duration.ofMinutes(1)).until(() -> true));
		LockRequest request = LockRequest.of("x").by("ann").autoRenew();
		LockHandle handle = ((LockAttempt.Acquired) listened.tryLock(request)).handle();
		assertThat(handle.isValid()).isTrue();
		assertThat(this.locks.find("x").orElseThrow().fence()).isEqualTo(handle.fence());
	}

	@Test
	void renewalCannotOutliveClose() {
		for (int i = 0; i < 200; i++) {
			LockHandle handle = acquire(LockRequest.of("x").by("ann").ttl(Duration.ofMillis(5)).autoRenew());
			handle.close();
			assertThat(this.locks.getLocker("x")).isNull();
		}
		assertThat(this.locks.lock("x", "bob")).isTrue();
	}

	@Test
	void takenOverHandleIsLostAtOnceOnTheSameInstance() throws Exception {
		LockHandle handle = acquire(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(5)).autoRenew());
		CountDownLatch lost = new CountDownLatch(1);
		handle.onLost(lost::countDown);
		this.locks.lock(LockRequest.of("x").by("chief").force());
		assertThat(lost.await(10, TimeUnit.SECONDS)).isTrue();
		assertLost(handle);
		handle.close();
		assertThat(this.locks.getLocker("x")).isEqualTo("chief");
	}

	@Test
	void takenOverHandleIsLostAtTheNextRenewalElsewhere() throws Exception {
		LockHandle handle = acquire(LockRequest.of("x").by("ann").autoRenew());
		CountDownLatch lost = new CountDownLatch(1);
		handle.onLost(lost::countDown);
		this.fixture.redis().opsForValue().set(this.fixture.lockKey("x"), "stranger", Duration.ofMinutes(5));
		assertThat(lost.await(10, TimeUnit.SECONDS)).isTrue();
		assertLost(handle);
		AtomicInteger late = new AtomicInteger();
		handle.onLost(late::incrementAndGet);
		assertThat(late).hasValue(1);
	}

	@Test
	void refreshThatFindsTheLockGoneLosesTheHandle() {
		LockHandle handle = acquire(LockRequest.of("x").by("ann"));
		this.locks.unlock("x");
		assertThat(handle.refresh()).isFalse();
		assertLost(handle);
	}

	@Test
	void failingCallbackDoesNotStopOtherRenewals() {
		LockHandle unlucky = acquire(LockRequest.of("x").by("ann").autoRenew());
		LockHandle other = acquire(LockRequest.of("y").by("ann").autoRenew());
		unlucky.onLost(() -> {
			throw new IllegalStateException("on purpose");
		});
		this.locks.lock(LockRequest.of("x").by("chief").force());
		await().during(TTL.multipliedBy(2)).atMost(Duration.ofSeconds(20)).until(other::isValid);
		other.close();
	}

	@Test
	void manyHandlesAreRenewedWithFewCommands() {
		List<LockHandle> handles = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			handles.add(acquire(LockRequest.of("x" + i).by("ann").ttl(Duration.ofSeconds(3)).autoRenew()));
		}
		long before = scriptCalls();
		Instant until = Instant.now().plusSeconds(4);
		await().atMost(Duration.ofSeconds(20)).until(() -> Instant.now().isAfter(until));
		assertThat(handles).allMatch(LockHandle::isValid);
		assertThat(scriptCalls() - before).isLessThan(40);
		handles.forEach(LockHandle::close);
	}

	@Test
	void stoppedApplicationReleasesOnlyRenewedHandles() {
		try (LockyFixture shared = new LockyFixture(TestRedis.connectionFactory())) {
			LockyInstance instance = LockyInstance.start("locky.prefix=" + shared.prefix(), "locky.ttl=5m");
			instance.locks().tryLock(LockRequest.of("job").by("nightly").autoRenew());
			instance.locks().tryLock(LockRequest.of("article:12").by("ann"));
			instance.close();
			LockyTemplate others = shared.template(null);
			assertThat(others.getLocker("job")).isNull();
			assertThat(others.getLocker("article:12")).isEqualTo("ann");
			assertThat(instance.events()).hasAtLeastOneElementOfType(LockReleasedEvent.class);
		}
	}

	@Test
	void massLossDoesNotStartAThreadForEachHandle() throws Exception {
		CountDownLatch gate = new CountDownLatch(1);
		CountDownLatch all = new CountDownLatch(300);
		for (int i = 0; i < 300; i++) {
			LockHandle handle = acquire(LockRequest.of("x" + i).by("ann").ttl(Duration.ofMinutes(5)).autoRenew());
			handle.onLost(() -> {
				all.countDown();
				assertThat(gate).satisfies((closed) -> closed.await(20, TimeUnit.SECONDS));
			});
		}
		this.locks.unlockAll("ann");
		long threads = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("locky-lost-"))
			.count();
		gate.countDown();
		assertThat(threads).isLessThan(50);
		assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void takeoverEndsOnlyTheHandlesOfItsResource() {
		LockRequest request = LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(5)).autoRenew();
		LockHandle first = acquire(request);
		LockHandle entered = acquire(request.reentrant());
		LockHandle closed = acquire(LockRequest.of("y").by("ann").ttl(Duration.ofMinutes(5)).autoRenew());
		LockHandle other = acquire(LockRequest.of("z").by("ann").ttl(Duration.ofMinutes(5)).autoRenew());
		closed.close();
		this.locks.lock(LockRequest.of("x").by("bob").force());
		assertThat(first.isValid()).isFalse();
		assertThat(entered.isValid()).isFalse();
		assertThat(other.isValid()).isTrue();
		await().until(() -> this.fixture.events(LockLostEvent.class).size() == 2);
	}

	@Test
	void closedHandleStillReportsAnEarlierLoss() throws Exception {
		LockHandle handle = acquire(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(5)).autoRenew());
		this.locks.unlock("x");
		await().until(() -> !this.fixture.events(LockLostEvent.class).isEmpty());
		handle.close();
		CountDownLatch lost = new CountDownLatch(1);
		handle.onLost(lost::countDown);
		assertThat(lost.await(1, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void maxHoldEndsARenewedHandle() {
		LockHandle handle = acquire(LockRequest.of("x").by("ann").maxHold(Duration.ofMillis(900)).autoRenew());
		await().until(() -> !handle.isValid());
		await().until(() -> !this.fixture.events(LockLostEvent.class).isEmpty());
		assertThat(this.fixture.events(LockExpiredEvent.class)).isEmpty();
	}

	private void assertLost(LockHandle handle) {
		assertThat(handle.isValid()).isFalse();
		await().until(() -> !this.fixture.events(LockLostEvent.class).isEmpty());
		assertThat(this.fixture.events(LockLostEvent.class)).singleElement()
			.returns("ann", LockLostEvent::getLocker)
			.returns(handle.fence(), LockLostEvent::getFence);
	}

	private long scriptCalls() {
		String stats = String.valueOf(TestRedis.serverInfo("commandstats").get("cmdstat_evalsha"));
		return Long.parseLong(stats.replaceAll("calls=(\\d+),.*", "$1"));
	}

	private LockHandle acquire(LockRequest request) {
		return ((LockAttempt.Acquired) this.locks.tryLock(request)).handle();
	}

}
