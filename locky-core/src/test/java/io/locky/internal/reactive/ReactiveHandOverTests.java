package io.locky.internal.reactive;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What is handed over is never lost.
 */
class ReactiveHandOverTests {

	private static final int ROUNDS = 20_000;

	private final AtomicInteger received = new AtomicInteger();

	private final AtomicInteger givenBack = new AtomicInteger();

	@Test
	void nothingIsLostIfResultAndCancellationCoincide() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(2);
		CyclicBarrier barrier = new CyclicBarrier(2);
		for (int i = 0; i < ROUNDS; i++) {
			// Cancelling it has no effect, as if it had just been granted.
			CompletableFuture<Integer> granted = new CompletableFuture<>() {
				@Override
				public boolean cancel(boolean mayInterrupt) {
					return false;
				}
			};
			Receiver receiver = new Receiver();
			ReactiveHandOver.ofCancellable(() -> granted, (value) -> this.givenBack.incrementAndGet(), Runnable::run)
				.subscribe(receiver);
			CompletableFuture<Void> cancellation = CompletableFuture.runAsync(() -> {
				meet(barrier);
				receiver.cancel();
			}, threads);
			meet(barrier);
			granted.complete(1);
			cancellation.get(10, TimeUnit.SECONDS);
		}
		threads.shutdown();
		assertThat(this.received.get() + this.givenBack.get()).isEqualTo(ROUNDS);
	}

	@Test
	void resultWaitsForTheRequest() {
		CompletableFuture<Integer> granted = CompletableFuture.completedFuture(7);
		Receiver receiver = new Receiver() {
			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				// Requests later.
			}
		};
		ReactiveHandOver.of(() -> granted, (value) -> this.givenBack.incrementAndGet(), Runnable::run)
			.subscribe(receiver);
		assertThat(this.received).hasValue(0);
		receiver.request(1);
		assertThat(this.received).hasValue(1);
		receiver.cancel();
		assertThat(this.givenBack).hasValue(0);
	}

	@Test
	void resultThatNobodyRequestedIsGivenBack() {
		Receiver receiver = new Receiver() {
			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				// Requests nothing.
			}
		};
		CompletableFuture<Integer> granted = CompletableFuture.completedFuture(7);
		ReactiveHandOver.of(() -> granted, (value) -> this.givenBack.incrementAndGet(), Runnable::run)
			.subscribe(receiver);
		receiver.cancel();
		assertThat(this.received).hasValue(0);
		assertThat(this.givenBack).hasValue(1);
	}

	@Test
	void failuresAreThoseOfTheFuture() {
		IllegalStateException failure = new IllegalStateException("no");
		assertThatIllegalStateException()
			.isThrownBy(() -> ReactiveHandOver.of(() -> CompletableFuture.failedFuture(failure), (value) -> {
			}, Runnable::run).block())
			.isSameAs(failure);
		assertThatIllegalStateException().isThrownBy(() -> ReactiveHandOver.of(() -> {
			throw failure;
		}, (value) -> {
		}, Runnable::run).block()).isSameAs(failure);
	}

	@Test
	void resultThatIsThereAtOnceComesInAThreadOfTheExecutor() throws Exception {
		ExecutorService threads = Executors.newSingleThreadExecutor((task) -> new Thread(task, "executor"));
		List<CompletableFuture<Integer>> ends = List.of(CompletableFuture.completedFuture(7),
				CompletableFuture.failedFuture(new IllegalStateException("no")));
		for (CompletableFuture<Integer> end : ends) {
			assertThat(ReactiveHandOver.of(() -> end, (value) -> {
			}, threads)
				.map((value) -> Thread.currentThread().getName())
				.onErrorResume((failure) -> Mono.fromSupplier(() -> Thread.currentThread().getName()))
				.block()).isEqualTo("executor");
		}
		threads.shutdown();
	}

	private static void meet(CyclicBarrier barrier) {
		try {
			barrier.await(10, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private class Receiver extends BaseSubscriber<Integer> {

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			subscription.request(1);
		}

		@Override
		protected void hookOnNext(Integer value) {
			ReactiveHandOverTests.this.received.incrementAndGet();
		}

	}

}
