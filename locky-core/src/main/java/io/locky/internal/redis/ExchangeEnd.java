package io.locky.internal.redis;

/**
 * The end of an exchange.
 *
 * @param <T> the type of the result
 */
sealed interface ExchangeEnd<T> extends Exchange<T> permits ExchangeResult, ExchangeFailure {

}
