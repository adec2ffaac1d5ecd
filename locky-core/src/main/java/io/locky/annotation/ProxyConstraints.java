package io.locky.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/**
 * Checks whether a proxy can intercept a method, and can find out when its work ends.
 */
final class ProxyConstraints {

	private static final boolean REACTOR = ClassUtils.isPresent("reactor.core.publisher.Mono",
			ProxyConstraints.class.getClassLoader());

	private ProxyConstraints() {
	}

	static void checkReachable(Class<? extends Annotation> annotation, Method method, String consequence) {
		int modifiers = method.getModifiers();
		if (Modifier.isPrivate(modifiers) || Modifier.isFinal(modifiers) || Modifier.isStatic(modifiers)) {
			throw new InvalidLockedMethodException(annotation, method,
					"a proxy cannot reach a private, final or static method, so that it would run " + consequence,
					"Make the method an overridable one that other beans call (in Kotlin 'open').");
		}
	}

	static void check(Method method) {
		checkReachable(Locked.class, method, "unlocked");
		Class<?> returnType = method.getReturnType();
		if (CompletionStage.class.isAssignableFrom(returnType)
				&& !returnType.isAssignableFrom(CompletableFuture.class)) {
			throw new InvalidLockedMethodException(method,
					"it returns a %s, which cannot be made to wait for the release".formatted(
							returnType.getSimpleName()),
					"Let it return a CompletableFuture or CompletionStage.");
		}
		String later = ResultAfterReturn.of(method);
		if (later != null) {
			throw new InvalidLockedMethodException(method,
					"it returns a %s, whose work is done after the lock is released".formatted(later),
					"Let it return the finished value, a CompletableFuture, or a Mono or Flux.");
		}
		if (isSuspending(method)) {
			throw new InvalidLockedMethodException(method,
					"it is a suspending function, whose lock would be released when it first suspends",
					"Let it return a Mono or a CompletableFuture, or use LockyTemplate.");
		}
	}

	private static boolean isSuspending(Method method) {
		Class<?>[] parameters = method.getParameterTypes();
		return parameters.length > 0
				&& parameters[parameters.length - 1].getName().equals("kotlin.coroutines.Continuation");
	}

	/**
	 * Checks whether a class can be proxied.
	 * @param type the class of a bean
	 * @param locked a method of the class that locks
	 */
	static void checkClass(Class<?> type, Method locked) {
		if (Modifier.isFinal(type.getModifiers()) && !Proxy.isProxyClass(type) && !ClassUtils.isLambdaClass(type)) {
			throw new InvalidLockedMethodException(locked,
					"no proxy can be made of the final class %s".formatted(type.getName()),
					"Make the class one that can be extended (not a record; in Kotlin 'open').");
		}
	}

	/**
	 * The adapter for a type whose work starts only when it is subscribed to. Works
	 * without Reactor on the class path.
	 * @param returnType the type that a method returns
	 * @return the adapter, or {@code null} if the work starts with the call
	 */
	static @Nullable ReactiveAdapter reactiveAdapter(Class<?> returnType) {
		if (!REACTOR) {
			return null;
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(returnType);
		return (adapter != null && adapter.getDescriptor().isDeferred()) ? adapter : null;
	}

}
