package io.locky.internal.redis;

import java.util.function.Function;

/**
 * The end of an exchange.
 *
 * @param <T> the type of the result
 * @param value the result
 */
record ExchangeResult<T>(T value) implements ExchangeEnd<T> {

	@Override
	public <U> Exchange<U> then(Function<? super T, Exchange<U>> next) {
		return Exchange.begin(() -> next.apply(this.value));
	}

	@Override
	public Exchange<T> onFailure(Function<? super RuntimeException, Exchange<T>> next) {
		return this;
	}

}
