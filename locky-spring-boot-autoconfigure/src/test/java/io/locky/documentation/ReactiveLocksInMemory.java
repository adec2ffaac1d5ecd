package io.locky.documentation;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockyOperations;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockHandle;
import io.locky.ReactiveLockyOperations;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.util.ReflectionUtils;

/**
 * The reactive operations of the examples over those in memory: each method calls the one
 * of the same name when it is subscribed to.
 */
final class ReactiveLocksInMemory {

	private ReactiveLocksInMemory() {
	}

	static ReactiveLockyOperations over(LockyOperations locks) {
		return proxy(ReactiveLockyOperations.class, LockyOperations.class, locks);
	}

	private static <T, B> T proxy(Class<T> reactive, Class<B> blocking, B target) {
		return reactive.cast(Proxy.newProxyInstance(reactive.getClassLoader(), new Class<?>[] { reactive },
				(proxy, method, arguments) -> {
					if (method.getDeclaringClass() == Object.class) {
						return method.invoke(target, arguments);
					}
					Method delegate = blocking.getMethod(method.getName(), method.getParameterTypes());
					return (method.getReturnType() == Mono.class)
							? Mono.defer(() -> result(ReflectionUtils.invokeMethod(delegate, target, arguments)))
							: ReflectionUtils.invokeMethod(delegate, target, arguments);
				}));
	}

	private static Mono<?> result(@Nullable Object result) {
		if (result instanceof Optional<?> found) {
			return Mono.justOrEmpty(found);
		}
		if (result instanceof LockAttempt.Acquired acquired) {
			return Mono.just(new ReactiveLockAttempt.Acquired(
					proxy(ReactiveLockHandle.class, LockHandle.class, acquired.handle())));
		}
		if (result instanceof LockAttempt.Denied denied) {
			return Mono.just(new ReactiveLockAttempt.Denied(denied.lock()));
		}
		return Mono.justOrEmpty(result);
	}

}
