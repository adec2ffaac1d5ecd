package io.locky.internal.redis;

import java.util.function.Function;

/**
 * The end of an exchange that has failed.
 *
 * @param <T> the type of the result
 * @param failure what its sender gets
 */
record ExchangeFailure<T>(RuntimeException failure) implements ExchangeEnd<T> {

	@Override
	public <U> Exchange<U> then(Function<? super T, Exchange<U>> next) {
		return new ExchangeFailure<>(this.failure);
	}

	@Override
	public Exchange<T> onFailure(Function<? super RuntimeException, Exchange<T>> next) {
		return Exchange.begin(() -> next.apply(this.failure));
	}

}
