package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Waiting for locks in any engine.
 */
@Timeout(60)
abstract class LockWaitingContract extends EngineContract {

	private static final Duration LONG = Duration.ofSeconds(30);

	@Test
	void takeoverOfAnEndedGrantDoesNotWait() {
		LockHandle ended = acquire(LockRequest.of("x").by("ann"));
		ended.close();
		acquire(LockRequest.of("x").by("bob"));
		long start = System.nanoTime();
		LockRequest request = LockRequest.of("x").by("chief").takeOverFrom(ended.fence()).waitUpTo(LONG);
		assertThat(this.locks.tryLock(request)).isInstanceOf(LockAttempt.Denied.class);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(3));
	}

	@Test
	void waiterGetsAReleasedLockAtOnce() throws Exception {
		LockHandle holder = acquire(LockRequest.of("x").by("ann"));
		CompletableFuture<LockAttempt> waiter = waitFor("bob", LONG);
		await().until(() -> this.engine.hasWaiter("x"));
		long released = System.nanoTime();
		holder.close();
		assertThat(waiter.get()).isInstanceOf(LockAttempt.Acquired.class);
		assertThat(Duration.ofNanos(System.nanoTime() - released)).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void waiterGetsAnExpiredLockWithoutAWorker() throws Exception {
		acquire(LockRequest.of("x").by("ann").ttl(Duration.ofMillis(300)));
		CompletableFuture<LockAttempt> waiter = waitFor("bob", LONG);
		this.engine.passWhileWaiting("x", Duration.ofMillis(300));
		assertThat(waiter.get()).isInstanceOf(LockAttempt.Acquired.class);
	}

	@Test
	void waiterIsDeniedByTheHolderAtTheEndOfItsWait() throws Exception {
		acquire(LockRequest.of("x").by("ann"));
		CompletableFuture<LockAttempt> waiter = waitFor("bob", Duration.ofMillis(400));
		this.locks.lock(LockRequest.of("x").by("chief").force());
		this.engine.passWhileWaiting("x", Duration.ofMillis(400));
		assertThat(waiter.get()).isInstanceOfSatisfying(LockAttempt.Denied.class,
				(denied) -> assertThat(denied.lock()).isNotNull().returns("chief", (holder) -> holder.locker()));
	}

	@Test
	void manyWaitersAreServedInTurn() {
		acquire(LockRequest.of("x").by("ann"));
		List<String> served = new CopyOnWriteArrayList<>();
		for (int i = 0; i < 6; i++) {
			String locker = "waiter-" + i;
			Thread thread = TestThreads.start(() -> {
				LockHandle handle = acquire(LockRequest.of("x").by(locker).waitUpTo(LONG));
				served.add(handle.locker());
				handle.close();
			});
			await().until(() -> this.engine.isWaiting(thread));
		}
		this.locks.unlock("x");
		await().until(() -> served.size() == 6);
		assertThat(served).containsExactly("waiter-0", "waiter-1", "waiter-2", "waiter-3", "waiter-4", "waiter-5");
		assertThat(this.locks.getLocker("x")).isNull();
	}

	@Test
	void interruptedWaiterIsDeniedAndTakesNothing() throws Exception {
		acquire(LockRequest.of("x").by("ann"));
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Thread waiter = TestThreads.start(() -> {
			LockAttempt attempt = this.locks.tryLock(LockRequest.of("x").by("bob").waitUpTo(LONG));
			interrupted.complete(attempt instanceof LockAttempt.Denied && Thread.currentThread().isInterrupted());
		});
		await().until(() -> this.engine.isWaiting(waiter));
		waiter.interrupt();
		assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
		this.locks.unlock("x");
		assertThat(this.locks.lock("x", "carl")).isTrue();
	}

	@Test
	void interruptedThreadCompletesItsOperations() {
		Thread.currentThread().interrupt();
		boolean locked = this.locks.lock("x", "ann");
		boolean released = this.locks.unlock("x");
		assertThat(Thread.interrupted()).isTrue();
		assertThat(locked).isTrue();
		assertThat(released).isTrue();
		assertThat(events()).hasSize(2);
	}

	private CompletableFuture<LockAttempt> waitFor(String locker, Duration waitTimeout) {
		return TestThreads.supply(() -> this.locks.tryLock(LockRequest.of("x").by(locker).waitUpTo(waitTimeout)));
	}

}
