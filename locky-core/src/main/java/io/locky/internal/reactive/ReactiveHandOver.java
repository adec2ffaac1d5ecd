package io.locky.internal.reactive;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Hands over something that somebody has to release: either the subscriber gets it, or it
 * is given back. One step decides between both, so that nothing is lost where a
 * subscription is cancelled just when the result comes. The sinks of Reactor may drop it
 * then. It comes in a thread of the executor, also if it is there before the subscriber
 * waits for it.
 *
 * @param <T> the type of what is handed over
 */
public final class ReactiveHandOver<T> extends Mono<T> {

	private final Supplier<CompletableFuture<T>> begin;

	private final boolean cancellable;

	private final Consumer<T> giveBack;

	private final Executor threads;

	private ReactiveHandOver(Supplier<CompletableFuture<T>> begin, boolean cancellable, Consumer<T> giveBack,
			Executor threads) {
		this.begin = begin;
		this.cancellable = cancellable;
		this.giveBack = giveBack;
		this.threads = threads;
	}

	/**
	 * Creates a hand-over of what is acquired without a wait.
	 * @param <T> the type of what is handed over
	 * @param begin begins to acquire it, for each subscription. Its future ends in one of
	 * the threads, or before it is returned
	 * @param giveBack releases what no subscriber gets; it must not block
	 * @param threads runs what the subscriber does
	 * @return the hand-over
	 */
	public static <T> Mono<T> of(Supplier<CompletableFuture<T>> begin, Consumer<T> giveBack, Executor threads) {
		return new ReactiveHandOver<>(begin, false, giveBack, threads);
	}

	/**
	 * Creates a hand-over that cancels its future where nobody needs it any more.
	 * @param <T> the type of what is handed over
	 * @param begin begins to acquire it, for each subscription. Its future ends in one of
	 * the threads, or before it is returned; if it is cancelled, it releases what it gets
	 * later
	 * @param giveBack releases what no subscriber gets; it must not block
	 * @param threads runs what the subscriber does
	 * @return the hand-over
	 */
	public static <T> Mono<T> ofCancellable(Supplier<CompletableFuture<T>> begin, Consumer<T> giveBack,
			Executor threads) {
		return new ReactiveHandOver<>(begin, true, giveBack, threads);
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> subscriber) {
		CompletableFuture<T> future;
		try {
			future = this.begin.get();
		}
		catch (Throwable ex) {
			Operators.error(subscriber, ex);
			return;
		}
		Delivery delivery = new Delivery(subscriber, future);
		subscriber.onSubscribe(delivery);
		OtherThread.whenComplete(future, this.threads, delivery::end);
	}

	private enum State {

		INITIAL, REQUESTED, COMPLETED, DELIVERED, CANCELLED

	}

	private final class Delivery implements Subscription {

		private final CoreSubscriber<? super T> subscriber;

		private final CompletableFuture<T> future;

		private final AtomicReference<State> state = new AtomicReference<>(State.INITIAL);

		private volatile @Nullable T value;

		private Delivery(CoreSubscriber<? super T> subscriber, CompletableFuture<T> future) {
			this.subscriber = subscriber;
			this.future = future;
		}

		@Override
		public void request(long number) {
			State was = this.state.getAndUpdate((present) -> switch (present) {
				case INITIAL -> State.REQUESTED;
				case COMPLETED -> State.DELIVERED;
				default -> present;
			});
			if (was == State.COMPLETED) {
				deliver(Objects.requireNonNull(this.value));
			}
		}

		@Override
		public void cancel() {
			State was = this.state
				.getAndUpdate((present) -> (present == State.DELIVERED) ? State.DELIVERED : State.CANCELLED);
			if (was == State.COMPLETED) {
				ReactiveHandOver.this.giveBack.accept(Objects.requireNonNull(this.value));
			}
			else if (was != State.DELIVERED && ReactiveHandOver.this.cancellable) {
				this.future.cancel(true);
			}
		}

		private void end(@Nullable T result, @Nullable Throwable failure) {
			if (result != null) {
				complete(result);
			}
			else {
				fail((failure != null) ? failure : new IllegalStateException("Nothing was acquired"));
			}
		}

		private void complete(T result) {
			this.value = result;
			State was = this.state.getAndUpdate((present) -> switch (present) {
				case INITIAL -> State.COMPLETED;
				case REQUESTED -> State.DELIVERED;
				default -> present;
			});
			if (was == State.REQUESTED) {
				deliver(result);
			}
			else if (was == State.CANCELLED) {
				ReactiveHandOver.this.giveBack.accept(result);
			}
		}

		private void deliver(T result) {
			this.subscriber.onNext(result);
			this.subscriber.onComplete();
		}

		private void fail(Throwable failure) {
			State was = this.state
				.getAndUpdate((present) -> (present == State.CANCELLED) ? State.CANCELLED : State.DELIVERED);
			if (was != State.CANCELLED) {
				this.subscriber.onError((failure instanceof CompletionException && failure.getCause() != null)
						? failure.getCause() : failure);
			}
		}

	}

}
