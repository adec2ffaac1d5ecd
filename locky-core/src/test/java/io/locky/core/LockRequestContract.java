package io.locky.core;

import java.time.Duration;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockTakenOverEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The options of a request, in any engine.
 */
abstract class LockRequestContract extends EngineContract {

	@Test
	void takeOverFromReplacesThatVeryGrant() {
		long fence = acquire(LockRequest.of("x").by("ann")).fence();
		LockHandle chief = acquire(LockRequest.of("x").by("chief").takeOverFrom(fence));
		assertThat(chief.fence()).isGreaterThan(fence);
		assertThat(events(LockTakenOverEvent.class)).singleElement()
			.returns("ann", LockTakenOverEvent::getPreviousLocker);
	}

	@Test
	void takeOverFromLeavesALaterHolderAlone() {
		long fence = acquire(LockRequest.of("x").by("ann")).fence();
		this.locks.unlock("x");
		long next = acquire(LockRequest.of("x").by("ann").note("again")).fence();
		LockInfo holder = denied(LockRequest.of("x").by("chief").takeOverFrom(fence)).lock();
		assertThat(holder).isNotNull().returns(next, LockInfo::fence).returns("ann", LockInfo::locker);
		assertThat(fence("x")).isEqualTo(next);
	}

	@Test
	void takeOverFromAnEndedGrantAcquiresNothing() {
		long fence = acquire(LockRequest.of("x").by("ann")).fence();
		this.locks.unlock("x");
		assertThat(denied(LockRequest.of("x").by("chief").takeOverFrom(fence)).lock()).isNull();
		assertThat(this.locks.getLocker("x")).isNull();
	}

	@Test
	void reentrantExtendsTheSameGrantForTheSameLocker() {
		LockHandle first = acquire(LockRequest.of("x").by("ann").ttl(Duration.ofSeconds(9)));
		LockHandle again = acquire(LockRequest.of("x").by("ann").reentrant());
		assertThat(again.fence()).isEqualTo(first.fence());
		assertThat(remaining("x")).isGreaterThan(40_000);
		assertThat(events(LockAcquiredEvent.class)).hasSize(1);
		assertThat(denied(LockRequest.of("x").by("bob").reentrant()).lock()).isNotNull();
		again.close();
		assertThat(this.locks.getLocker("x")).isNull();
	}

	@Test
	void clientGetsItsGrantAgain() {
		LockRequest request = LockRequest.of("x").by("ann").client("page-1");
		LockHandle first = acquire(request.ttl(Duration.ofSeconds(9)));
		assertThat(acquire(request).fence()).isEqualTo(first.fence());
		assertThat(acquire(request.note("again")).fence()).isEqualTo(first.fence());
		assertThat(remaining("x")).isGreaterThan(40_000);
		assertThat(events(LockAcquiredEvent.class)).hasSize(1);
		long second = acquire(request.client("page-2").takeOverFrom(first.fence())).fence();
		assertThat(acquire(request.client("page-2").takeOverFrom(first.fence())).fence()).isEqualTo(second);
	}

	@Test
	void otherClientOrLockerIsDenied() {
		LockRequest request = LockRequest.of("x").by("ann").client("page-1").ttl(Duration.ofSeconds(9));
		acquire(request);
		denied(request.client("page-2"));
		denied(request.client("age-1").note("note"));
		denied(LockRequest.of("x").by("ann"));
		denied(LockRequest.of("x").by("bob").client("page-1"));
		assertThat(remaining("x")).isLessThan(9_001);
		this.locks.unlock("x");
		acquire(LockRequest.of("x").by("ann"));
		denied(request);
	}

	@Test
	void reentrantNeverShortensTheLease() {
		acquire(LockRequest.of("x").by("ann").ttl(Duration.ofSeconds(300)));
		acquire(LockRequest.of("x").by("ann").reentrant().ttl(Duration.ofSeconds(9)));
		assertThat(remaining("x")).isGreaterThan(290_000);
		LockyOperations endless = this.engine.locks(null);
		endless.lock("y", "ann");
		endless.lock(LockRequest.of("y").by("ann").reentrant().ttl(Duration.ofSeconds(9)));
		assertThat(remaining("y")).isEqualTo(-1);
	}

	@Test
	void refreshNeverGoesPastMaxHold() {
		LockHandle handle = acquire(
				LockRequest.of("x").by("ann").ttl(Duration.ofSeconds(300)).maxHold(Duration.ofSeconds(9)));
		assertThat(remaining("x")).isBetween(1L, 9_000L);
		assertThat(handle.refresh()).isTrue();
		assertThat(this.locks.lock(LockRequest.of("x").by("ann").reentrant())).isTrue();
		assertThat(remaining("x")).isBetween(1L, 9_000L);
	}

	@Test
	void maxHoldEndsALockWithoutTtl() {
		LockyOperations endless = this.engine.locks(null);
		endless.lock(LockRequest.of("x").by("ann").maxHold(Duration.ofSeconds(9)));
		assertThat(endless.refresh("x")).isTrue();
		assertThat(remaining("x")).isBetween(1L, 9_000L);
	}

	@Test
	void noteIsVisibleToOthers() {
		acquire(LockRequest.of("x").by("ann").note("back at \"five\" ☕"));
		assertThat(this.locks.find("x")).get().returns("back at \"five\" ☕", LockInfo::note);
		assertThat(denied(LockRequest.of("x").by("bob")).lock()).isNotNull()
			.returns("back at \"five\" ☕", LockInfo::note);
		acquire(LockRequest.of("x").by("ann").reentrant());
		assertThat(this.locks.find("x")).get().returns("back at \"five\" ☕", LockInfo::note);
		acquire(LockRequest.of("x").by("bob").force());
		assertThat(this.locks.find("x")).get().returns(null, LockInfo::note);
	}

	@Test
	void badRequestIsRefusedWithAnAction() {
		LockRequest request = LockRequest.of("x").by("ann");
		assertRefused(() -> request.maxHold(Duration.ZERO), "'maxHold' must be from 1 millisecond to 365 days");
		assertRefused(() -> request.client("a.b"), "'client' must have from 1 to 64 letters");
		assertRefused(() -> request.waitUpTo(Duration.ofSeconds(-1)), "'waitUpTo' must be from 1 millisecond to 1 day");
		assertRefused(() -> request.waitUpTo(Duration.ofSeconds(Long.MAX_VALUE)),
				"send the request again to wait longer");
		assertRefused(() -> request.note("a".repeat(257)), "'note' must have at most 256 characters");
		assertRefused(() -> request.note("a\nb"), "'note' must not have control characters");
		assertRefused(() -> request.takeOverFrom(0), "use force() for it");
		assertRefused(() -> this.locks.lock(request.autoRenew()), "use tryLock(…) and close the handle");
		assertRefused(() -> this.engine.locks(null).tryLock(request.autoRenew()),
				"set ttl(…) on the request, or in the settings (locky.ttl)");
		assertThat(this.engine.isEmpty()).isTrue();
	}

	private static void assertRefused(Runnable request, String why) {
		assertThatIllegalArgumentException().isThrownBy(request::run).withMessageContaining(why);
	}

	private LockAttempt.Denied denied(LockRequest request) {
		return (LockAttempt.Denied) this.locks.tryLock(request);
	}

}
