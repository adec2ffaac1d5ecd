package io.locky.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.event.LockAttentionEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Holders that are idle, on any Redis.
 */
abstract class LockAttentionContract extends LockyContract {

	private static final Duration IDLE = Duration.ofMillis(30);

	@Test
	void idleSinceIsShownByEveryLook() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		Instant since = idle(ann, IDLE);
		assertThat(this.locks.find("x")).get().returns(since, LockInfo::idleSince);
		assertThat(this.locks.findAll(List.of("x", "y"))).hasSize(1)
			.hasEntrySatisfying("x", (lock) -> assertThat(lock.idleSince()).isEqualTo(since));
		assertThat(this.locks.list(LockQuery.all()).locks()).singleElement().returns(since, LockInfo::idleSince);
		assertThat(denied(LockRequest.of("x").by("bob")).lock()).returns(since, LockInfo::idleSince);
		assertThat(denied(LockRequest.of("x").by("bob").note("note")).lock()).returns(since, LockInfo::idleSince);
		assertThat(denied(LockRequest.of("x").by("bob").waitUpTo(IDLE)).lock()).returns(since, LockInfo::idleSince);
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
		Object before = record("x");
		LockRefresh refresh = report(bob, IDLE);
		assertThat(refresh.held()).isTrue();
		assertThat(refresh.expiresIn()).isBetween(Duration.ofSeconds(100), Duration.ofMinutes(3));
		assertThat(this.locks.find("x")).get()
			.returns("back at \"five\"", LockInfo::note)
			.returns(bob.fence(), LockInfo::fence);
		report(bob, Duration.ZERO);
		assertThat(record("x")).isEqualTo(before);
	}

	@Test
	void shortRecordIsShortAgainWhenTheHolderIsActive() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		Object before = record("x");
		idle(ann, IDLE);
		assertThat(record("x")).isNotEqualTo(before);
		report(ann, Duration.ZERO);
		assertThat(record("x")).isEqualTo(before);
		assertThat(this.locks.find("x")).get().returns(null, LockInfo::idleSince);
	}

	@Test
	void idleHolderKeepsItsLease() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(5)));
		this.fixture.redis().expire(this.fixture.lockKey("x"), Duration.ofSeconds(20));
		assertThat(report(ann, IDLE).expiresIn()).isGreaterThan(Duration.ofMinutes(4));
		assertThat(deadline("x")).isGreaterThan(System.currentTimeMillis() + 240_000.0);
		assertThat(this.locks.unlock("x", "ann", ann.fence())).isTrue();
		assertThat(this.fixture.allKeys()).noneMatch((key) -> key.endsWith("records"));
	}

	@Test
	void lockWithoutTtlCanBeIdle() {
		try (LockyTemplate endless = this.fixture.template(null)) {
			LockHandle ann = ((LockAttempt.Acquired) endless.tryLock(LockRequest.of("x").by("ann"))).handle();
			assertThat(endless.tryRefresh("x", "ann", ann.fence(), IDLE)).isEqualTo(new LockRefresh(true, null));
			assertThat(endless.find("x")).get().extracting(LockInfo::idleSince).isNotNull();
		}
	}

	@Test
	void othersCannotReportForAGrant() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		assertThat(this.locks.tryRefresh("x", "bob", ann.fence(), IDLE).held()).isFalse();
		assertThat(this.locks.tryRefresh("x", "ann", ann.fence() + 1, IDLE).held()).isFalse();
		assertThat(this.locks.tryRefresh("y", "ann", ann.fence(), IDLE).held()).isFalse();
		assertThat(this.locks.find("x")).get().returns(null, LockInfo::idleSince);
		assertThat(this.fixture.events(LockAttentionEvent.class)).isEmpty();
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
		assertThat(this.fixture.events(LockAttentionEvent.class))
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
		await().untilAsserted(() -> acquire(takeover.onlyIfIdle(IDLE)));
		assertThat(this.fixture.events(LockTakenOverEvent.class)).singleElement()
			.returns("ann", LockTakenOverEvent::getPreviousLocker);
		denied(force.onlyIfIdle(IDLE));
		assertThat(report(ann, Duration.ZERO).held()).isFalse();
		assertThat(acquire(LockRequest.of("y").by("bob").force().onlyIfIdle(IDLE)).isValid()).isTrue();
	}

	@Test
	void lockOfAnotherClientIsNeverIdle() {
		this.fixture.redis().opsForValue().set(this.fixture.lockKey("x"), "john", Duration.ofSeconds(9));
		assertThat(this.locks.find("x")).get().returns(null, LockInfo::idleSince);
		denied(LockRequest.of("x").by("bob").force().onlyIfIdle(Duration.ofMillis(1)));
		assertThat(this.locks.tryRefresh("x", "john", 1, IDLE).held()).isFalse();
		assertThat(value("x")).isEqualTo("john");
		assertThat(record("x")).isNull();
	}

	/** What an instance makes of the record of an idle holder that does not know IDLE. */
	@Test
	void recordWithNullsIsRead() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		Instant since = idle(ann, IDLE);
		String records = this.fixture.key("x", "records");
		String text = ((String) record("x")).replace("\"\",0,\"\"", "null,null,null");
		assertThat(text).contains("null,null,null");
		this.fixture.redis().opsForHash().putAll(records, Map.of("x", text));
		assertThat(this.locks.find("x")).get()
			.returns(since, LockInfo::idleSince)
			.returns(ann.fence(), LockInfo::fence)
			.returns(null, LockInfo::note);
		assertThat(report(ann, Duration.ZERO).held()).isTrue();
		assertThat(this.locks.unlock("x", "ann", ann.fence())).isTrue();
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
			Instant since = idle(ann, shortest);
			await().until(() -> System.currentTimeMillis() > since.toEpochMilli() + 1);
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
