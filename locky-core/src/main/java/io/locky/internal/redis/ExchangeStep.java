package io.locky.internal.redis;

/**
 * Goes on after another exchange.
 *
 * @param <A> the type of the result of the other one
 * @param <T> the type of the result
 */
sealed interface ExchangeStep<A, T> extends Exchange<T> permits ExchangeNext, ExchangeRescue {

	/** The other one. */
	Exchange<A> before();

	/** What follows from the end of the other one. */
	Exchange<T> after(ExchangeEnd<A> end);

}
