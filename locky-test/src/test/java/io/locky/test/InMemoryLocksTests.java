package io.locky.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockLostEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.Test;

import static io.locky.test.LockyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What locks in memory do beyond the contracts: their clock, and the order of events.
 */
class InMemoryLocksTests {

	private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

	private static final Duration TTL = Duration.ofMinutes(3);

	private final LockClock clock = LockClock.at(START);

	private final RecordedLockEvents events = new RecordedLockEvents();

	private final InMemoryLocks locks = new InMemoryLocks(TTL, this.clock, this.events::record);

	private List<Class<?>> types() {
		return this.events.all().stream().<Class<?>>map(LockyEvent::getClass).toList();
	}

	private LockHandle acquire(LockRequest request) {
		return assertThat(this.locks.tryLock(request)).isAcquired();
	}

	@Test
	void fenceIsTheTimeOfTheGrantAndRises() {
		long micros = START.getEpochSecond() * 1_000_000;
		assertThat(acquire(LockRequest.of("x").by("ann")).fence()).isEqualTo(micros);
		assertThat(acquire(LockRequest.of("y").by("ann")).fence()).isEqualTo(micros + 1);
		this.clock.advance(Duration.ofMillis(7));
		assertThat(acquire(LockRequest.of("z").by("ann")).fence()).isEqualTo(micros + 7000);
	}

	@Test
	void leaseIsOverAtItsDeadlineAndNotBefore() {
		this.locks.lock("x", "ann");
		this.clock.advance(TTL.minusMillis(1));
		assertThat(this.locks).hasLock("x").expiresIn(Duration.ofMillis(1));
		this.clock.advance(Duration.ofMillis(1));
		assertThat(this.locks).hasNoLock("x");
		assertThat(this.events.of(LockExpiredEvent.class)).singleElement()
			.returns(START.plus(TTL), LockExpiredEvent::getOccurredAt);
	}

	@Test
	void expiriesArePublishedInOrderAtTheirTimeByTheMovingThread() {
		List<String> seen = new ArrayList<>();
		InMemoryLocks own = new InMemoryLocks(null, this.clock, (event) -> {
			if (event instanceof LockExpiredEvent expired) {
				seen.add(expired.getResource() + Duration.between(START, this.clock.now()).toMinutes()
						+ Thread.currentThread().getName());
			}
		});
		own.lock(LockRequest.of("b").by("ann").ttl(Duration.ofMinutes(20)));
		own.lock(LockRequest.of("a").by("ann").ttl(Duration.ofMinutes(10)));
		this.clock.advance(Duration.ofHours(1));
		String here = Thread.currentThread().getName();
		assertThat(seen).containsExactly("a10" + here, "b20" + here);
		assertThat(this.clock.now()).isEqualTo(START.plus(Duration.ofHours(1)));
	}

	@Test
	void listenerMayLockAndMoveTheClock() {
		AtomicInteger expiries = new AtomicInteger();
		InMemoryLocks[] own = new InMemoryLocks[1];
		own[0] = new InMemoryLocks(TTL, this.clock, (event) -> {
			if (event instanceof LockExpiredEvent && expiries.incrementAndGet() < 3) {
				own[0].lock("x", "ann");
				this.clock.advance(Duration.ofSeconds(1));
			}
		});
		own[0].lock("x", "ann");
		this.clock.advance(TTL.multipliedBy(10));
		assertThat(expiries).hasValue(3);
		assertThat(this.clock.now()).isEqualTo(START.plus(TTL.multipliedBy(10)));
	}

	@Test
	void failingListenerDoesNotAffectTheLock() {
		InMemoryLocks own = new InMemoryLocks(TTL, this.clock, (event) -> {
			throw new IllegalStateException("broken");
		});
		assertThat(own.lock("x", "ann")).isTrue();
		assertThat(own).hasLock("x").heldBy("ann");
	}

	@Test
	void renewedHandleLivesUntilItIsClosed() {
		LockHandle handle = acquire(LockRequest.of("x").by("ann").autoRenew());
		this.clock.advance(TTL.multipliedBy(5).plusSeconds(30));
		assertThat(handle.isValid()).isTrue();
		assertThat(this.locks).hasLock("x").expiresIn(Duration.ofSeconds(150));
		handle.close();
		assertThat(types()).containsExactly(LockAcquiredEvent.class, LockReleasedEvent.class);
	}

	@Test
	void renewedHandleIsLostAtTheEndOfItsLongestHold() {
		AtomicInteger lost = new AtomicInteger();
		LockHandle handle = acquire(LockRequest.of("x").by("ann").maxHold(TTL.multipliedBy(2)).autoRenew());
		handle.onLost(lost::incrementAndGet);
		this.clock.advance(TTL.multipliedBy(2));
		assertThat(lost).hasValue(1);
		assertThat(handle.isValid()).isFalse();
		assertThat(types()).containsExactly(LockAcquiredEvent.class, LockExpiredEvent.class, LockLostEvent.class);
	}

	@Test
	void takeoverEndsARenewedHandleAtOnce() {
		LockHandle renewed = acquire(LockRequest.of("x").by("ann").autoRenew());
		this.locks.lock(LockRequest.of("x").by("bob").force());
		assertThat(renewed.isValid()).isFalse();
		assertThat(types()).containsExactly(LockAcquiredEvent.class, LockTakenOverEvent.class, LockLostEvent.class);
		renewed.close();
		assertThat(this.locks).hasLock("x").heldBy("bob");
	}

	@Test
	void handleThatIsNotRenewedNoticesATakeoverAtItsRefresh() {
		LockHandle stale = acquire(LockRequest.of("x").by("ann"));
		this.locks.lock(LockRequest.of("x").by("bob").force());
		assertThat(stale.isValid()).isTrue();
		assertThat(stale.refresh()).isFalse();
		assertThat(stale.isValid()).isFalse();
		assertThat(this.events).hasLost("x", "ann");
	}

	@Test
	void requestsThatWaitAreServedInOrderAndGiveUpByTheClock() {
		this.locks.lock("x", "ann");
		LockRequest request = LockRequest.of("x").by("bob").waitUpTo(TTL.multipliedBy(3));
		CompletableFuture<LockAttempt> first = this.locks.tryLockAsync(request.note("first"));
		CompletableFuture<LockAttempt> second = this.locks.tryLockAsync(request.note("second"));
		CompletableFuture<LockAttempt> hasty = this.locks.tryLockAsync(request.waitUpTo(TTL.minusMillis(1)));
		assertThat(this.locks.waiting("x")).isEqualTo(3);
		this.clock.advance(TTL);
		assertThat(hasty.join()).isDeniedBy("ann").expiresIn(Duration.ofMillis(1));
		assertThat(first.join()).isAcquired();
		assertThat(this.locks).hasLock("x").withNote("first");
		assertThat(second).isNotDone();
		this.locks.unlock("x");
		assertThat(second.join()).isAcquired();
	}

	@Test
	void cancelledRequestLeavesTheLine() {
		this.locks.lock("x", "ann");
		CompletableFuture<LockAttempt> waiter = this.locks
			.tryLockAsync(LockRequest.of("x").by("bob").waitUpTo(Duration.ofHours(1)));
		waiter.cancel(true);
		assertThat(this.locks.waiting("x")).isZero();
		this.locks.unlock("x");
		assertThat(this.locks).hasNoLock("x");
	}

	@Test
	void blockedThreadIsWokenByTheClock() {
		this.locks.lock(LockRequest.of("x").by("ann").ttl(Duration.ofHours(5)));
		CompletableFuture<LockAttempt> waiter = TestThreads
			.supply(() -> this.locks.tryLock(LockRequest.of("x").by("bob").waitUpTo(Duration.ofHours(1))));
		await().until(() -> this.locks.waiting("x") == 1);
		this.clock.advance(Duration.ofHours(1));
		assertThat(waiter.join()).isDeniedBy("ann");
	}

	@Test
	void racingThreadsNeverShareALock() throws Exception {
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger runs = new AtomicInteger();
		TestThreads.race(4, (number) -> {
			for (int i = 0; i < 500; i++) {
				LockRequest request = LockRequest.of("x").by(number).waitUpTo(Duration.ofDays(1));
				try (LockHandle handle = acquire(request)) {
					assertThat(inside.incrementAndGet()).isEqualTo(1);
					assertThat(handle.isValid()).isTrue();
					inside.decrementAndGet();
					runs.incrementAndGet();
				}
			}
		});
		assertThat(runs).hasValue(2000);
		assertThat(this.events.of(LockReleasedEvent.class)).hasSize(2000);
	}

	@Test
	void racingAttemptsNeverShareALock() throws Exception {
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger granted = new AtomicInteger();
		TestThreads.race(4, (number) -> {
			LockRequest request = LockRequest.of("x").by(number);
			for (int i = 0; i < 20_000; i++) {
				if (this.locks.tryLock(request) instanceof LockAttempt.Acquired acquired) {
					assertThat(inside.incrementAndGet()).isEqualTo(1);
					inside.decrementAndGet();
					assertThat(acquired.handle().release()).isTrue();
					granted.incrementAndGet();
				}
				if (i % 100 == 0) {
					this.events.clear();
				}
			}
		});
		assertThat(granted).hasPositiveValue();
	}

	@Test
	void stopGivesBackRenewedLocksButThoseInUse() {
		this.locks.start();
		LockHandle idle = acquire(LockRequest.of("x").by("ann").autoRenew());
		LockHandle running = acquire(LockRequest.of("y").by("ann").autoRenew().keepOnShutdown());
		this.locks.lock("z", "ann");
		this.events.clear();
		this.locks.stop();
		assertThat(types()).containsExactly(LockLostEvent.class, LockReleasedEvent.class);
		assertThat(idle.isValid()).isFalse();
		assertThat(running.isValid()).isTrue();
		assertThat(this.locks).hasLock("z");
	}

	@Test
	void closedLocksAreNotRenewedAndNobodyWaits() {
		this.locks.lock("x", "ann");
		LockRequest request = LockRequest.of("x").by("bob").waitUpTo(Duration.ofHours(1));
		CompletableFuture<LockAttempt> waiter = this.locks.tryLockAsync(request);
		this.locks.close();
		assertThat(waiter).isCompletedExceptionally();
		assertThatIllegalStateException()
			.isThrownBy(() -> this.locks.tryLock(LockRequest.of("y").by("ann").autoRenew()));
		assertThat(this.locks.unlock("x")).isTrue();
	}

	@Test
	void clearForgetsLocksWithoutEvents() {
		LockHandle handle = acquire(LockRequest.of("x").by("ann").autoRenew());
		this.events.clear();
		this.locks.clear();
		assertThat(this.locks).hasNoLock("x");
		assertThat(handle.isValid()).isFalse();
		assertThat(this.events).isEmpty();
	}

	@Test
	void clockRefusesToGoBack() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.clock.advance(Duration.ofSeconds(-1)))
			.withMessageContaining("leases do not come back");
		assertThatIllegalArgumentException().isThrownBy(() -> LockClock.at(Instant.EPOCH.minusSeconds(1)));
	}

	@Test
	void onlyIdleHoldersAreTakenOver() {
		long fence = ((LockAttempt.Acquired) this.locks.tryLock(LockRequest.of("x").by("ann"))).handle().fence();
		LockRequest takeover = LockRequest.of("x").by("bob").takeOverFrom(fence).onlyIfIdle(Duration.ofSeconds(20));
		this.clock.advance(Duration.ofSeconds(15));
		this.locks.tryRefresh("x", "ann", fence, Duration.ofSeconds(10));
		assertThat(this.locks.lock(takeover)).isFalse();
		assertThat(this.locks.find("x")).get().returns(this.clock.now().minusSeconds(10), (lock) -> lock.idleSince());
		this.clock.advance(Duration.ofSeconds(10));
		assertThat(this.locks.lock(takeover)).isTrue();
		assertThat(this.locks.find("x")).get().returns(null, (lock) -> lock.idleSince());
	}

}
