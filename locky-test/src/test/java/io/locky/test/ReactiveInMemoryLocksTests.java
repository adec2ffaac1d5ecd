package io.locky.test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.locky.LockInfo;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockHandle;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static io.locky.test.LockyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Reactive operations on locks in memory, beside the blocking ones.
 */
class ReactiveInMemoryLocksTests {

	private static final Duration TTL = Duration.ofMinutes(3);

	private final LockClock clock = LockClock.atRealTime();

	private final RecordedLockEvents events = new RecordedLockEvents();

	private final InMemoryLocks locks = new InMemoryLocks(TTL, this.clock, this.events::record);

	private final ReactiveInMemoryLocks reactive = new ReactiveInMemoryLocks(this.locks);

	private ReactiveLockHandle acquire(LockRequest request) {
		return this.reactive.tryLock(request)
			.cast(ReactiveLockAttempt.Acquired.class)
			.blockOptional()
			.orElseThrow()
			.handle();
	}

	@Test
	void bothKindsOfOperationsSeeTheSameLocks() {
		assertThat(this.reactive.lock("x", "ann").block()).isTrue();
		assertThat(this.locks).hasLock("x").heldBy("ann");
		this.clock.advance(Duration.ofMinutes(1));
		long fence = this.reactive.find("x").map(LockInfo::fence).blockOptional().orElseThrow();
		assertThat(this.reactive.tryRefresh("x", "ann", fence).block())
			.isEqualTo(this.locks.tryRefresh("x", "ann", fence));
		assertThat(this.reactive.refresh("x", "bob").block()).isFalse();
		assertThat(this.reactive.lockAll(List.of("x", "y"), "bob").block()).isFalse();
		assertThat(this.reactive.lockAll(List.of("z", "y"), "bob").block()).isTrue();
		assertThat(this.reactive.findAll(List.of("y", "x", "w")).block()).containsOnlyKeys("y", "x");
		assertThat(this.reactive.list(LockQuery.all()).block()).isEqualTo(this.locks.list(LockQuery.all()));
		assertThat(this.reactive.unlockAll("bob").block()).isEqualTo(2);
		assertThat(this.reactive.unlock("x", "ann", fence).block()).isTrue();
		assertThat(this.reactive.getLocker("x").blockOptional()).isEmpty();
	}

	@Test
	void handleIsThatOfTheBlockingOperations() {
		ReactiveLockHandle ann = acquire(LockRequest.of("x").by("ann").autoRenew());
		List<String> lost = new CopyOnWriteArrayList<>();
		ann.onLost(() -> lost.add(ann.resource()));
		this.clock.advance(Duration.ofHours(1));
		assertThat(ann.isValid()).isTrue();
		assertThat(ann.refresh().block()).isTrue();
		ReactiveLockHandle bob = acquire(LockRequest.of("x").by("bob").takeOverFrom(ann.fence()));
		assertThat(lost).containsExactly("x");
		assertThat(ann.release().block()).isFalse();
		bob.close().block();
		assertThat(this.locks).hasNoLock("x");
	}

	@Test
	void nothingHappensBeforeASubscriptionButTheChecks() {
		Mono<Boolean> locking = this.reactive.lock("x", "ann");
		assertThat(this.locks).hasNoLock("x");
		assertThat(locking.block()).isTrue();
		assertThat(locking.block()).isFalse();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.reactive.lock(LockRequest.of("x").by("ann").autoRenew()));
		assertThatIllegalArgumentException().isThrownBy(() -> this.reactive.unlock("x", "ann", 0));
		assertThatIllegalArgumentException().isThrownBy(() -> this.reactive.lockAll(List.of(), "ann"));
		assertThatIllegalArgumentException().isThrownBy(() -> new ReactiveInMemoryLocks(new InMemoryLocks(null))
			.tryLock(LockRequest.of("x").by("ann").autoRenew()));
	}

	@Test
	void requestThatWaitsKeepsNoThread() {
		this.locks.lock("x", "ann");
		LockRequest request = LockRequest.of("x").by("bob").waitUpTo(Duration.ofMinutes(4));
		CompletableFuture<ReactiveLockAttempt> bob = this.reactive.tryLock(request).toFuture();
		CompletableFuture<ReactiveLockAttempt> late = this.reactive.tryLock(request).toFuture();
		assertThat(this.locks.waiting("x")).isEqualTo(2);
		this.clock.advance(TTL);
		assertThat(bob.join()).isInstanceOf(ReactiveLockAttempt.Acquired.class);
		this.clock.advance(Duration.ofMinutes(1));
		assertThat(late.join()).isEqualTo(new ReactiveLockAttempt.Denied(this.locks.find("x").orElseThrow()));
	}

	@Test
	void cancelledRequestWaitsNoLonger() {
		this.locks.lock("x", "ann");
		Disposable bob = this.reactive.tryLock(LockRequest.of("x").by("bob").waitUpTo(TTL)).subscribe();
		bob.dispose();
		assertThat(this.locks.waiting("x")).isZero();
		this.locks.unlock("x", "ann");
		assertThat(this.locks).hasNoLock("x");
	}

	/** Cancelled while it is granted, by a listener of its event. */
	@Test
	void grantOfACancelledSubscriptionIsReleased() {
		assertReleased(1, (own) -> own.lock("x", "ann"));
		assertReleased(1, (own) -> own.tryLock(LockRequest.of("x").by("ann")));
		assertReleased(2, (own) -> own.lockAll(List.of("x", "y"), "ann"));
	}

	private static void assertReleased(int grants, Function<ReactiveInMemoryLocks, Mono<?>> operation) {
		CompletableFuture<Disposable> subscription = new CompletableFuture<>();
		RecordedLockEvents recorded = new RecordedLockEvents();
		InMemoryLocks own = new InMemoryLocks(TTL, LockClock.atRealTime(), (event) -> {
			recorded.record(event);
			subscription.join().dispose();
		});
		Mono<?> locking = operation.apply(new ReactiveInMemoryLocks(own));
		subscription.complete(locking.subscribeOn(Schedulers.parallel()).subscribe());
		await().untilAsserted(() -> assertThat(recorded.of(LockReleasedEvent.class)).hasSize(grants));
		assertThat(recorded.of(LockAcquiredEvent.class)).hasSize(grants);
		assertThat(own.list(LockQuery.all()).locks()).isEmpty();
	}

	@Test
	void listenersOfAnEventLoopMayBlock() {
		List<String> threads = new CopyOnWriteArrayList<>();
		InMemoryLocks own = new InMemoryLocks(TTL, this.clock,
				(event) -> threads.add(Thread.currentThread().getName()));
		Mono<Boolean> locking = new ReactiveInMemoryLocks(own).lock("x", "ann");
		assertThat(locking.subscribeOn(Schedulers.parallel()).block()).isTrue();
		assertThat(locking.map((granted) -> Thread.currentThread()).block()).isSameAs(Thread.currentThread());
		assertThat(threads).singleElement().asString().startsWith("boundedElastic");
	}

}
