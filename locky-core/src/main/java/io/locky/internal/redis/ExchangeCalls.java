package io.locky.internal.redis;

import java.util.List;

/**
 * Sends several calls at the same time.
 *
 * @param <R> the type of the replies
 * @param calls the calls
 */
record ExchangeCalls<R>(List<ScriptCall<R>> calls) implements Exchange<List<R>> {

}
