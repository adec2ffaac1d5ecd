package io.locky.core;

import java.util.concurrent.atomic.AtomicBoolean;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What attempts return and what handles do, in any engine.
 */
abstract class LockHandleContract extends EngineContract {

	@Test
	void staleHandleCannotAffectTheNextHolder() {
		LockHandle loser = ((LockAttempt.Acquired) this.locks.tryLock(LockRequest.of("x").by(20))).handle();
		LockHandle winner = ((LockAttempt.Acquired) this.locks.tryLock(LockRequest.of("x").by(20).force())).handle();
		assertThat(loser.refresh()).isFalse();
		loser.close();
		assertThat(winner.refresh()).isTrue();
		assertThat(winner.fence()).isGreaterThan(loser.fence());
		winner.close();
		assertThat(this.locks.getLocker("x")).isNull();
	}

	@Test
	void releaseReturnsWhetherTheGrantHeldToTheEnd() {
		LockHandle loser = ((LockAttempt.Acquired) this.locks.tryLock(LockRequest.of("x").by(20))).handle();
		LockHandle winner = ((LockAttempt.Acquired) this.locks.tryLock(LockRequest.of("x").by(20).force())).handle();
		assertThat(loser.release()).isFalse();
		AtomicBoolean notified = new AtomicBoolean();
		loser.onLost(() -> notified.set(true));
		await().untilTrue(notified);
		assertThat(winner.release()).isTrue();
		assertThat(winner.release()).isFalse();
		assertThat(this.locks.getLocker("x")).isNull();
	}

	@Test
	void deniedAttemptNamesTheHolder() {
		this.locks.lock("x", "ann");
		LockAttempt attempt = this.locks.tryLock(LockRequest.of("x").by("bob"));
		assertThat(attempt).isInstanceOfSatisfying(LockAttempt.Denied.class,
				(denied) -> assertThat(denied.lock()).returns("ann", LockInfo::locker)
					.returns(fence("x"), LockInfo::fence));
	}

}
