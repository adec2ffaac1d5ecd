package io.locky.annotation;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/**
 * Knows types whose work starts at their subscription. Reactor is optional.
 */
final class ReactiveTypes {

	private static final boolean REACTOR = ClassUtils.isPresent("reactor.core.publisher.Mono",
			ReactiveTypes.class.getClassLoader());

	private ReactiveTypes() {
	}

	static @Nullable ReactiveAdapter find(Class<?> type) {
		if (!REACTOR) {
			return null;
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
		return (adapter != null && adapter.getDescriptor().isDeferred()) ? adapter : null;
	}

}
