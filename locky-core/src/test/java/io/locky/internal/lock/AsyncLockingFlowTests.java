package io.locky.internal.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.event.LockAcquiredEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationEventPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Requests without the thread of the caller.
 */
class AsyncLockingFlowTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate other = this.fixture.template(null);

	private final CountDownLatch listenerGoesOn = new CountDownLatch(1);

	private final AtomicInteger slowGrants = new AtomicInteger();

	private final ApplicationEventPublisher publisher = (event) -> {
		if (event instanceof LockAcquiredEvent acquired && acquired.getResource().equals("slow")) {
			this.slowGrants.incrementAndGet();
			awaitGoOn();
		}
	};

	private final LockyRuntime runtime = new LockyRuntime(TestRedis.connectionFactory(), this.fixture.keys(),
			this.fixture.settings().build(), this.publisher);

	private final AsyncLockingFlow locks = this.runtime.asyncLocking();

	@AfterEach
	void close() {
		this.listenerGoesOn.countDown();
		this.runtime.close();
		this.fixture.close();
	}

	private void awaitGoOn() {
		try {
			this.listenerGoesOn.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private CompletableFuture<LockAttempt> waitFor(String locker) {
		return this.locks.tryLock(LockRequest.of("tea").by(locker).waitUpTo(LONG));
	}

	@Test
	void requestsAreServedInTheirOrder() {
		this.other.lock("tea", "ann");
		List<String> served = new CopyOnWriteArrayList<>();
		List<String> lockers = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			String locker = "waiter-" + i;
			lockers.add(locker);
			waitFor(locker).thenAccept((attempt) -> {
				served.add(locker);
				((LockAttempt.Acquired) attempt).handle().close();
			});
			int length = i + 1;
			await().until(() -> this.locks.waiting("tea") == length);
		}
		this.other.unlock("tea");
		await().until(() -> served.size() == lockers.size());
		assertThat(served).isEqualTo(lockers);
		assertThat(this.locks.waiting("tea")).isZero();
		assertThat(this.other.getLocker("tea")).isNull();
	}

	@Test
	void anyNumberOfRequestsWaitsWithFewThreads() {
		this.other.lock("tea", "ann");
		List<CompletableFuture<LockAttempt>> waiting = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			waiting.add(waitFor("waiter-" + i));
		}
		await().until(() -> this.locks.waiting("tea") == waiting.size());
		Set<String> threads = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("locky-lock-"))
			.collect(Collectors.toSet());
		assertThat(threads.size()).isLessThanOrEqualTo(17);
		waiting.forEach((request) -> request.cancel(true));
		await().until(() -> this.locks.waiting("tea") == 0);
		this.other.unlock("tea");
		assertThat(this.other.getLocker("tea")).isNull();
	}

	@Test
	void requestIsDeniedAtTheEndOfItsWaitWhereverItIsInTheQueue() throws Exception {
		this.other.lock("tea", "ann");
		CompletableFuture<LockAttempt> first = waitFor("first");
		await().until(() -> this.locks.waiting("tea") == 1);
		CompletableFuture<LockAttempt> shorter = this.locks
			.tryLock(LockRequest.of("tea").by("shorter").waitUpTo(Duration.ofMillis(200)));
		assertThat(shorter.get(30, TimeUnit.SECONDS)).isInstanceOf(LockAttempt.Denied.class);
		assertThat(first).isNotDone();
		this.other.unlock("tea");
		assertThat(first.get(30, TimeUnit.SECONDS)).isInstanceOf(LockAttempt.Acquired.class);
	}

	@Test
	void cancelledRequestLetsTheNextOneGoOn() throws Exception {
		this.other.lock("tea", "ann");
		CompletableFuture<LockAttempt> first = waitFor("first");
		await().until(() -> this.locks.waiting("tea") == 1);
		CompletableFuture<LockAttempt> second = waitFor("second");
		await().until(() -> this.locks.waiting("tea") == 2);
		this.other.unlock("tea");
		cancelOrRelease(first);
		assertThat(second.get(30, TimeUnit.SECONDS)).isInstanceOf(LockAttempt.Acquired.class);
		assertThat(this.other.getLocker("tea")).isEqualTo("second");
	}

	/** It may be granted just before it is cancelled. */
	private static void cancelOrRelease(CompletableFuture<LockAttempt> request) {
		if (!request.cancel(true)) {
			((LockAttempt.Acquired) request.join()).handle().close();
		}
	}

	@Test
	void requestThatIsCancelledDuringAListenerGivesTheLockBack() {
		CompletableFuture<LockAttempt> request = this.locks.tryLock(LockRequest.of("slow").by("ann"));
		await().until(() -> this.slowGrants.get() == 1);
		assertThat(this.other.getLocker("slow")).isEqualTo("ann");
		request.cancel(true);
		await().until(() -> this.other.getLocker("slow") == null);
	}

	@Test
	void waitingRequestsEndWithTheTemplate() {
		this.other.lock("tea", "ann");
		List<CompletableFuture<LockAttempt>> requests = List.of(waitFor("first"), waitFor("second"));
		await().until(() -> this.locks.waiting("tea") == 2);
		this.runtime.close();
		for (CompletableFuture<LockAttempt> request : requests) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> request.get(30, TimeUnit.SECONDS))
				.withMessageContaining("closed");
		}
		assertThat(waitFor("third")).isCompletedExceptionally();
	}

}
