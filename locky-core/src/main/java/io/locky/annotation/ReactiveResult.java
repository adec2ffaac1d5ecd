package io.locky.annotation;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * The results of methods that are called at each subscription. This class is not loaded
 * where there is no Reactor.
 */
final class ReactiveResult {

	private ReactiveResult() {
	}

	/**
	 * The adapter for the result of a suspending function.
	 * @param many whether the result is a {@code Flow}
	 * @return the adapter
	 */
	static @Nullable ReactiveAdapter adapter(boolean many) {
		return ReactiveAdapterRegistry.getSharedInstance().getAdapter(many ? Flux.class : Mono.class);
	}

	/**
	 * The publisher of a result. Where a suspending function is called, advice and
	 * fallback methods may return the value itself.
	 * @param adapter the adapter for the type that the method returns
	 * @param result what was returned
	 * @return the publisher
	 */
	static Publisher<?> publisher(ReactiveAdapter adapter, @Nullable Object result) {
		if (result == null || adapter.getReactiveType().isInstance(result)) {
			return adapter.toPublisher(result);
		}
		ReactiveAdapter own = ReactiveAdapterRegistry.getSharedInstance().getAdapter(result.getClass());
		return (own != null && own.getDescriptor().isDeferred()) ? own.toPublisher(result) : Mono.just(result);
	}

}
