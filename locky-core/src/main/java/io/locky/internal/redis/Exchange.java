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
public sealed interface Exchange<T> permits ExchangeEnd, ExchangeStep, ExchangeCall, ExchangeCalls {

	/**
	 * An exchange that has ended.
	 * @param <T> the type of the result
	 * @param result the result
	 * @return the exchange
	 */
	static <T> Exchange<T> of(T result) {
		return new ExchangeResult<>(result);
	}

	/**
	 * An exchange that has failed.
	 * @param <T> the type of the result
	 * @param failure what its sender gets
	 * @return the exchange
	 */
	static <T> Exchange<T> failed(RuntimeException failure) {
		return new ExchangeFailure<>(failure);
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
			return new ExchangeFailure<>(ex);
		}
	}

	/**
	 * Sends a call that may be sent twice.
	 * @param <R> the type of the reply
	 * @param call the call
	 * @return an exchange with the reply
	 */
	static <R> Exchange<R> send(ScriptCall<R> call) {
		return new ExchangeCall<>(call, false);
	}

	/**
	 * Sends a call that the driver does not send again: see {@link ScriptRunner#runOnce}.
	 * @param <R> the type of the reply
	 * @param call the call
	 * @return an exchange with the reply
	 */
	static <R> Exchange<R> sendOnce(ScriptCall<R> call) {
		return new ExchangeCall<>(call, true);
	}

	/**
	 * Sends several calls at the same time, which may be sent twice.
	 * @param <R> the type of the replies
	 * @param calls the calls
	 * @return an exchange with the replies, in the order of the calls
	 */
	static <R> Exchange<List<R>> sendAll(List<ScriptCall<R>> calls) {
		return new ExchangeCalls<>(calls);
	}

	/**
	 * Goes on with the result.
	 * @param <U> the type of the next result
	 * @param next what follows
	 * @return the exchange with both
	 */
	default <U> Exchange<U> then(Function<? super T, Exchange<U>> next) {
		return new ExchangeNext<>(this, next);
	}

	/**
	 * Goes on after a failure.
	 * @param next what follows; it may throw
	 * @return the exchange with both
	 */
	default Exchange<T> onFailure(Function<? super RuntimeException, Exchange<T>> next) {
		return new ExchangeRescue<>(this, next);
	}

	/**
	 * Changes the result.
	 * @param <U> the type of the new result
	 * @param change the change
	 * @return the exchange with the new result
	 */
	default <U> Exchange<U> map(Function<? super T, U> change) {
		return then((result) -> new ExchangeResult<>(change.apply(result)));
	}

	/**
	 * Does something at the end, whether the exchange has failed or not.
	 * @param end what to do
	 * @return the exchange with its end
	 */
	default Exchange<T> atEnd(Runnable end) {
		return onFailure((failure) -> {
			end.run();
			return failed(failure);
		}).map((result) -> {
			end.run();
			return result;
		});
	}

}
