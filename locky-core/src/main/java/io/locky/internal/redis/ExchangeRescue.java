package io.locky.internal.redis;

import java.util.function.Function;

/**
 * Goes on after the failure of another exchange. A result of that one is its own.
 *
 * @param <T> the type of the result
 * @param before the other one
 * @param next what follows from its failure
 */
record ExchangeRescue<T>(Exchange<T> before,
		Function<? super RuntimeException, Exchange<T>> next) implements ExchangeStep<T, T> {

	@Override
	public Exchange<T> after(ExchangeEnd<T> end) {
		return end.onFailure(this.next);
	}

}
