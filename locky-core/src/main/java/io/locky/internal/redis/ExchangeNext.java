package io.locky.internal.redis;

import java.util.function.Function;

/**
 * Goes on with the result of another exchange. If that one fails, this one does, too.
 *
 * @param <A> the type of the result of the other one
 * @param <T> the type of the result
 * @param before the other one
 * @param next what follows from its result
 */
record ExchangeNext<A, T>(Exchange<A> before, Function<? super A, Exchange<T>> next) implements ExchangeStep<A, T> {

	@Override
	public Exchange<T> after(ExchangeEnd<A> end) {
		return end.then(this.next);
	}

}
