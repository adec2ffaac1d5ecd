package io.locky.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.event.LockAttentionEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Holders that are idle, in any engine.
 */
abstract class LockAttentionContract extends EngineContract {

	private static final Duration IDLE = Duration.ofMillis(30);

	@Test
	void idleSinceIsShownByEveryLook() throws Exception {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		Instant since = idle(ann, IDLE);
		assertThat(this.locks.find("x")).get().returns(since, LockInfo::idleSince);
		assertThat(this.locks.findAll(List.of("x", "y"))).hasSize(1)
			.hasEntrySatisfying("x", (lock) -> assertThat(lock.idleSince()).isEqualTo(since));
		assertThat(this.locks.list(LockQuery.all()).locks()).singleElement().returns(since, LockInfo::idleSince);
		assertThat(denied(LockRequest.of("x").by("bob")).lock()).returns(since, LockInfo::idleSince);
		assertThat(denied(LockRequest.of("x").by("bob").note("note")).lock()).returns(since, LockInfo::idleSince);
		CompletableFuture<LockAttempt> waiter = TestThreads
			.supply(() -> this.locks.tryLock(LockRequest.of("x").by("bob").waitUpTo(IDLE)));
		this.engine.passWhileWaiting("x", IDLE);
		assertThat(((LockAttempt.Denied) waiter.get()).lock()).returns(since, LockInfo::idleSince);
	}

	@Test
	void whatElseIsKnownOfTheLockStays() {
		acquire(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(9)));
		LockHandle bob = acquire(LockRequest.of("x")
			.by("bob")
			.note("back at \"five\"")
			.maxHold(Duration.ofMinutes(3))
			.ttl(Duration.ofMinutes(9))
			.force());
		LockRefresh refresh = report(bob, IDLE);
		assertThat(refresh.held()).isTrue();
		assertThat(refresh.expiresIn()).isBetween(Duration.ofSeconds(100), Duration.ofMinutes(3));
		assertThat(this.locks.find("x")).get()
			.returns("back at \"five\"", LockInfo::note)
			.returns(bob.fence(), LockInfo::fence);
	}

	@Test
	void holderThatIsActiveAgainIsNotIdle() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		idle(ann, IDLE);
		report(ann, Duration.ZERO);
		assertThat(this.locks.find("x")).get().returns(null, LockInfo::idleSince);
	}

	@Test
	void idleHolderKeepsItsLease() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(5)));
		this.engine.shorten("x", Duration.ofSeconds(20));
		assertThat(report(ann, IDLE).expiresIn()).isGreaterThan(Duration.ofMinutes(4));
		assertThat(this.locks.unlock("x", "ann", ann.fence())).isTrue();
	}

	@Test
	void lockWithoutTtlCanBeIdle() {
		LockyOperations endless = this.engine.locks(null);
		LockHandle ann = ((LockAttempt.Acquired) endless.tryLock(LockRequest.of("x").by("ann"))).handle();
		assertThat(endless.tryRefresh("x", "ann", ann.fence(), IDLE)).isEqualTo(new LockRefresh(true, null));
		assertThat(endless.find("x")).get().extracting(LockInfo::idleSince).isNotNull();
	}

	@Test
	void othersCannotReportForAGrant() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		assertThat(this.locks.tryRefresh("x", "bob", ann.fence(), IDLE).held()).isFalse();
		assertThat(this.locks.tryRefresh("x", "ann", ann.fence() + 1, IDLE).held()).isFalse();
		assertThat(this.locks.tryRefresh("y", "ann", ann.fence(), IDLE).held()).isFalse();
		assertThat(this.locks.find("x")).get().returns(null, LockInfo::idleSince);
		assertThat(events(LockAttentionEvent.class)).isEmpty();
	}

	@Test
	void idleIsCheckedBeforeItIsSent() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		assertThatIllegalArgumentException().isThrownBy(() -> report(ann, Duration.ofSeconds(-1)))
			.withMessageContaining("'idle'");
		assertThatIllegalArgumentException().isThrownBy(() -> report(ann, Duration.ofDays(366)));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> LockRequest.of("x").by("bob").force().onlyIfIdle(Duration.ZERO));
		assertThatIllegalStateException().isThrownBy(() -> LockRequest.of("x").by("bob").onlyIfIdle(IDLE));
	}

	@Test
	void holderIsIdleNoLongerThanItHoldsTheLock() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		report(ann, Duration.ofHours(1));
		assertThat(this.locks.find("x")).get()
			.satisfies((lock) -> assertThat(lock.idleSince()).isEqualTo(lock.since()));
	}

	@Test
	void newGrantAndReentryAreActive() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann").client("page-1"));
		idle(ann, IDLE);
		acquire(LockRequest.of("x").by("ann").client("page-1"));
		assertThat(this.locks.find("x")).get().returns(null, LockInfo::idleSince);
		idle(ann, IDLE);
		acquire(LockRequest.of("x").by("ann").reentrant());
		assertThat(this.locks.find("x")).get().returns(null, LockInfo::idleSince);
		idle(ann, IDLE);
		acquire(LockRequest.of("x").by("bob").force());
		assertThat(this.locks.find("x")).get().returns(null, LockInfo::idleSince);
	}

	@Test
	void refreshThatSaysNothingChangesNothing() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		Instant since = idle(ann, IDLE);
		assertThat(this.locks.refresh("x", "ann", ann.fence())).isTrue();
		assertThat(this.locks.refresh("x")).isTrue();
		assertThat(this.locks.find("x")).get().returns(since, LockInfo::idleSince);
	}

	@Test
	void eventsAreThoseOfChanges() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		report(ann, Duration.ZERO);
		Instant since = idle(ann, IDLE);
		report(ann, IDLE);
		report(ann, Duration.ZERO);
		report(ann, Duration.ZERO);
		assertThat(events(LockAttentionEvent.class))
			.allMatch((event) -> event.getFence() == ann.fence() && event.getLocker().equals("ann"))
			.extracting(LockAttentionEvent::getIdleSince)
			.containsExactly(since, null);
	}

	@Test
	void onlyTheIdleAreTakenOver() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		LockRequest takeover = LockRequest.of("x").by("bob").takeOverFrom(ann.fence());
		LockRequest force = LockRequest.of("x").by("bob").force();
		assertThat(denied(takeover.onlyIfIdle(IDLE)).lock()).returns("ann", LockInfo::locker);
		denied(force.onlyIfIdle(IDLE));
		report(ann, IDLE);
		denied(takeover.onlyIfIdle(Duration.ofMinutes(1)));
		denied(force.onlyIfIdle(Duration.ofMinutes(1)));
		this.engine.pass(IDLE);
		await().untilAsserted(() -> acquire(takeover.onlyIfIdle(IDLE)));
		assertThat(events(LockTakenOverEvent.class)).singleElement()
			.returns("ann", LockTakenOverEvent::getPreviousLocker);
		denied(force.onlyIfIdle(IDLE));
		assertThat(report(ann, Duration.ZERO).held()).isFalse();
		assertThat(acquire(LockRequest.of("y").by("bob").force().onlyIfIdle(IDLE)).isValid()).isTrue();
	}

	/**
	 * The holder comes back in the moment of a takeover: whose script runs first decides,
	 * and the other one learns it.
	 */
	@Test
	void holderThatIsBackIsNotTakenOver() throws Exception {
		AtomicInteger back = new AtomicInteger();
		AtomicInteger takeovers = new AtomicInteger();
		Duration shortest = Duration.ofMillis(1);
		for (int round = 0; round < 150; round++) {
			LockHandle ann = acquire(LockRequest.of("x").by("ann").force());
			idle(ann, shortest);
			pass(Duration.ofMillis(2));
			AtomicBoolean isBack = new AtomicBoolean();
			AtomicBoolean takenOver = new AtomicBoolean();
			TestThreads.race(2, (side) -> {
				if (side == 0) {
					isBack.set(report(ann, Duration.ZERO).held());
				}
				else {
					takenOver.set(this.locks
						.lock(LockRequest.of("x").by("bob").takeOverFrom(ann.fence()).onlyIfIdle(shortest)));
				}
			});
			assertThat(isBack.get()).as("round %d", round).isNotEqualTo(takenOver.get());
			assertThat(this.locks.getLocker("x")).isEqualTo(takenOver.get() ? "bob" : "ann");
			(isBack.get() ? back : takeovers).incrementAndGet();
		}
		assertThat(back.get() + takeovers.get()).isEqualTo(150);
		System.out.printf("Back against takeover: %d were back, %d were taken over, 0 both%n", back.get(),
				takeovers.get());
	}

	/** In any engine. */
	private void pass(Duration time) {
		long start = System.nanoTime();
		this.engine.pass(time);
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> System.nanoTime() - start >= time.toNanos());
	}

	private LockRefresh report(LockHandle grant, Duration idle) {
		return this.locks.tryRefresh("x", grant.locker(), grant.fence(), idle);
	}

	private Instant idle(LockHandle grant, Duration idle) {
		assertThat(report(grant, idle).held()).isTrue();
		return this.locks.find("x").map(LockInfo::idleSince).orElseThrow();
	}

	private LockAttempt.Denied denied(LockRequest request) {
		return (LockAttempt.Denied) this.locks.tryLock(request);
	}

}
