package io.locky.internal.redis;

import java.util.function.Function;

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
record ExchangeCall<R, T>(ScriptCall<R> call, boolean once, Function<? super R, Exchange<T>> answered,
		Function<? super RuntimeException, Exchange<T>> refused) implements ExchangeStep<R, T> {

	@Override
	public <U> Exchange<U> then(Function<? super T, Exchange<U>> next) {
		return new ExchangeCall<>(this.call, this.once,
				(reply) -> Exchange.begin(() -> this.answered.apply(reply)).then(next),
				(failure) -> Exchange.begin(() -> this.refused.apply(failure)).then(next));
	}

	@Override
	public Exchange<T> onFailure(Function<? super RuntimeException, Exchange<T>> next) {
		return new ExchangeCall<>(this.call, this.once,
				(reply) -> Exchange.begin(() -> this.answered.apply(reply)).onFailure(next),
				(failure) -> Exchange.begin(() -> this.refused.apply(failure)).onFailure(next));
	}

}
