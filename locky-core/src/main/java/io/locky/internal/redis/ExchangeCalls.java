package io.locky.internal.redis;

import java.util.List;
import java.util.function.Function;

/**
 * Sends several calls at the same time.
 *
 * @param <R> the type of the replies
 * @param <T> the type of the result
 * @param calls the calls
 * @param answered what follows from the replies
 * @param refused what follows if one of them is missing
 */
record ExchangeCalls<R, T>(List<ScriptCall<R>> calls, Function<? super List<R>, Exchange<T>> answered,
		Function<? super RuntimeException, Exchange<T>> refused) implements ExchangeStep<List<R>, T> {

	@Override
	public <U> Exchange<U> then(Function<? super T, Exchange<U>> next) {
		return new ExchangeCalls<>(this.calls,
				(replies) -> Exchange.begin(() -> this.answered.apply(replies)).then(next),
				(failure) -> Exchange.begin(() -> this.refused.apply(failure)).then(next));
	}

	@Override
	public Exchange<T> onFailure(Function<? super RuntimeException, Exchange<T>> next) {
		return new ExchangeCalls<>(this.calls,
				(replies) -> Exchange.begin(() -> this.answered.apply(replies)).onFailure(next),
				(failure) -> Exchange.begin(() -> this.refused.apply(failure)).onFailure(next));
	}

}
