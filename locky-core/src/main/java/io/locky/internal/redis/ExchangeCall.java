package io.locky.internal.redis;

/**
 * Sends one call.
 *
 * @param <T> the type of the reply
 * @param call the call
 * @param once whether the driver must not send it again
 */
record ExchangeCall<T>(ScriptCall<T> call, boolean once) implements Exchange<T> {

}
