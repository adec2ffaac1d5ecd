package io.locky.internal.redis;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A conversation with Redis: a call, then what follows from its reply, up to a result.
 * <p>
 * It says what is to be sent, and leaves open who sends it: {@link ScriptRunner#run
 * ScriptRunner} waits for each reply, and an {@link AsyncScriptRunner} needs no thread
 * meanwhile. So there is one piece of logic for blocking and for reactive callers. The
 * functions run one after the other, each after the reply that it is given; what they
 * throw is the failure of the exchange.
 *
 * @param <T> the type of the result
 */
public sealed interface Exchange<T> {

	/**
	 * An exchange that has ended.
	 * @param <T> the type of the result
	 * @param result the result
	 * @return the exchange
	 */
	static <T> Exchange<T> of(T result) {
		return new Result<>(result);
	}

	/**
	 * An exchange that has failed.
	 * @param <T> the type of the result
	 * @param failure what its sender gets
	 * @return the exchange
	 */
	static <T> Exchange<T> failed(RuntimeException failure) {
		return new Failure<>(failure);
	}

	/**
	 * Begins an exchange. If that throws, it has failed.
	 * @param <T> the type of the result
	 * @param begin begins it
	 * @return the exchange
	 */
	static <T> Exchange<T> begin(Supplier<Exchange<T>> begin) {
		try {
			return begin.get();
		}
		catch (RuntimeException ex) {
			return new Failure<>(ex);
		}
	}

	/**
	 * Sends a call that may be sent twice.
	 * @param <R> the type of the reply
	 * @param call the call
	 * @return an exchange with the reply
	 */
	static <R> Exchange<R> send(ScriptCall<R> call) {
		return new Call<>(call, false, Result::new, Failure::new);
	}

	/**
	 * Sends a call that the driver does not send again: see {@link ScriptRunner#runOnce}.
	 * @param <R> the type of the reply
	 * @param call the call
	 * @return an exchange with the reply
	 */
	static <R> Exchange<R> sendOnce(ScriptCall<R> call) {
		return new Call<>(call, true, Result::new, Failure::new);
	}

	/**
	 * Sends several calls at the same time, which may be sent twice.
	 * @param <R> the type of the replies
	 * @param calls the calls
	 * @return an exchange with the replies, in the order of the calls
	 */
	static <R> Exchange<List<R>> sendAll(List<ScriptCall<R>> calls) {
		return new Calls<>(calls, Result::new, Failure::new);
	}

	/**
	 * Goes on with the result.
	 * @param <U> the type of the next result
	 * @param next what follows
	 * @return the exchange with both
	 */
	<U> Exchange<U> then(Function<? super T, Exchange<U>> next);

	/**
	 * Goes on after a failure.
	 * @param next what follows; it may throw
	 * @return the exchange with both
	 */
	Exchange<T> onFailure(Function<? super RuntimeException, Exchange<T>> next);

	/**
	 * Changes the result.
	 * @param <U> the type of the new result
	 * @param change the change
	 * @return the exchange with the new result
	 */
	default <U> Exchange<U> map(Function<? super T, U> change) {
		return then((result) -> new Result<>(change.apply(result)));
	}

	/**
	 * Does something at the end, whether the exchange has failed or not.
	 * @param end what to do
	 * @return the exchange with its end
	 */
	default Exchange<T> atEnd(Runnable end) {
		return this.<T>then((result) -> new Result<>(result)).onFailure((failure) -> {
			end.run();
			return new Failure<>(failure);
		}).then((result) -> {
			end.run();
			return new Result<>(result);
		});
	}

	/**
	 * The end of an exchange.
	 *
	 * @param <T> the type of the result
	 * @param value the result
	 */
	record Result<T>(T value) implements Exchange<T> {

		@Override
		public <U> Exchange<U> then(Function<? super T, Exchange<U>> next) {
			return begin(() -> next.apply(this.value));
		}

		@Override
		public Exchange<T> onFailure(Function<? super RuntimeException, Exchange<T>> next) {
			return this;
		}

	}

	/**
	 * The end of an exchange that has failed.
	 *
	 * @param <T> the type of the result
	 * @param failure what its sender gets
	 */
	record Failure<T>(RuntimeException failure) implements Exchange<T> {

		@Override
		public <U> Exchange<U> then(Function<? super T, Exchange<U>> next) {
			return new Failure<>(this.failure);
		}

		@Override
		public Exchange<T> onFailure(Function<? super RuntimeException, Exchange<T>> next) {
			return begin(() -> next.apply(this.failure));
		}

	}

	/**
	 * A step that something is sent for.
	 *
	 * @param <A> the type of the answer
	 * @param <T> the type of the result
	 */
	sealed interface Step<A, T> extends Exchange<T> {

		/** What follows from the answer. */
		Function<? super A, Exchange<T>> answered();

		/** What follows if there is none. */
		Function<? super RuntimeException, Exchange<T>> refused();

	}

	/**
	 * Sends one call.
	 *
	 * @param <R> the type of the reply
	 * @param <T> the type of the result
	 * @param call the call
	 * @param once whether the driver must not send it again
	 * @param answered what follows from the reply
	 * @param refused what follows if there is none
	 */
	record Call<R, T>(ScriptCall<R> call, boolean once, Function<? super R, Exchange<T>> answered,
			Function<? super RuntimeException, Exchange<T>> refused) implements Step<R, T> {

		@Override
		public <U> Exchange<U> then(Function<? super T, Exchange<U>> next) {
			return new Call<>(this.call, this.once, (reply) -> begin(() -> this.answered.apply(reply)).then(next),
					(failure) -> begin(() -> this.refused.apply(failure)).then(next));
		}

		@Override
		public Exchange<T> onFailure(Function<? super RuntimeException, Exchange<T>> next) {
			return new Call<>(this.call, this.once, (reply) -> begin(() -> this.answered.apply(reply)).onFailure(next),
					(failure) -> begin(() -> this.refused.apply(failure)).onFailure(next));
		}

	}

	/**
	 * Sends several calls at the same time.
	 *
	 * @param <R> the type of the replies
	 * @param <T> the type of the result
	 * @param calls the calls
	 * @param answered what follows from the replies
	 * @param refused what follows if one of them is missing
	 */
	record Calls<R, T>(List<ScriptCall<R>> calls, Function<? super List<R>, Exchange<T>> answered,
			Function<? super RuntimeException, Exchange<T>> refused) implements Step<List<R>, T> {

		@Override
		public <U> Exchange<U> then(Function<? super T, Exchange<U>> next) {
			return new Calls<>(this.calls, (replies) -> begin(() -> this.answered.apply(replies)).then(next),
					(failure) -> begin(() -> this.refused.apply(failure)).then(next));
		}

		@Override
		public Exchange<T> onFailure(Function<? super RuntimeException, Exchange<T>> next) {
			return new Calls<>(this.calls, (replies) -> begin(() -> this.answered.apply(replies)).onFailure(next),
					(failure) -> begin(() -> this.refused.apply(failure)).onFailure(next));
		}

	}

}
