package io.locky.internal.redis;

import java.util.function.Function;

/**
 * A step that something is sent for.
 *
 * @param <A> the type of the answer
 * @param <T> the type of the result
 */
sealed interface ExchangeStep<A, T> extends Exchange<T> permits ExchangeCall, ExchangeCalls {

	/** What follows from the answer. */
	Function<? super A, Exchange<T>> answered();

	/** What follows if there is none. */
	Function<? super RuntimeException, Exchange<T>> refused();

}
