package io.locky.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.TypeVariable;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Checks whether a proxy can intercept a method, and can find out when its work ends.
 */
final class ProxyConstraints {

	private static final boolean REACTOR = ClassUtils.isPresent("reactor.core.publisher.Mono",
			ProxyConstraints.class.getClassLoader());

	private static final Set<String> COROUTINES = Set.of("kotlinx.coroutines.flow.Flow", "kotlinx.coroutines.Job");

	private ProxyConstraints() {
	}

	static void checkReachable(Class<? extends Annotation> annotation, Method method, Class<?> beanType,
			String consequence) {
		int modifiers = method.getModifiers();
		if (Modifier.isPrivate(modifiers) || Modifier.isFinal(modifiers) || Modifier.isStatic(modifiers)) {
			throw new InvalidLockedMethodException(annotation, method,
					"a proxy cannot reach a private, final or static method, so that it would run " + consequence,
					"Make the method an overridable one that other beans call (in Kotlin 'open').");
		}
		if (isHiddenFrom(method, beanType)) {
			throw new InvalidLockedMethodException(annotation, method,
					"a proxy in the package of %s cannot reach a package-private method of another one, so that it would run %s"
						.formatted(beanType.getName(), consequence),
					"Make the method protected or public.");
		}
		if (ReflectionUtils.isEqualsMethod(method) || ReflectionUtils.isHashCodeMethod(method)) {
			throw new InvalidLockedMethodException(annotation, method,
					"a proxy answers it by itself, so that it would run " + consequence,
					"Move the work to another method.");
		}
		if (ContainerCallbacks.isCallback(method, beanType)) {
			throw calledByContainer(annotation, method);
		}
	}

	static InvalidLockedMethodException calledByContainer(Class<? extends Annotation> annotation, Method method) {
		return new InvalidLockedMethodException(annotation, method,
				"Spring calls it on the bean itself and not on its proxy, so that the annotation would have no effect",
				"Move the work to a method of another bean, and call that.");
	}

	/** Packages of the same name in two class loaders are distinct. */
	private static boolean isHiddenFrom(Method method, Class<?> beanType) {
		boolean packagePrivate = !Modifier.isPublic(method.getModifiers())
				&& !Modifier.isProtected(method.getModifiers());
		return packagePrivate && !Objects.equals(method.getDeclaringClass().getPackage(), beanType.getPackage());
	}

	static void check(Method method, Class<?> beanType) {
		checkReachable(Locked.class, method, beanType, "unlocked");
		SuspendingFunction.check(Locked.class, method);
		String later = ResultAfterReturn.of(result(method, beanType));
		if (later != null) {
			throw new InvalidLockedMethodException(method,
					"it returns a %s, whose work is done after the lock is released".formatted(later),
					"Let it return the finished value, a CompletableFuture, or a Mono or Flux.");
		}
		Class<?> returnType = returnType(method, beanType);
		if (!SuspendingFunction.is(method)) {
			checkEnd(method, returnType);
		}
		else if (!SuspendingFunction.isFlow(returnType) && goesOn(returnType)) {
			throw new InvalidLockedMethodException(method,
					"it is a suspending function that returns a %s, whose work may end after the lock is released"
						.formatted(returnType.getSimpleName()),
					"Let it return the finished value or a Flow, or let it not suspend.");
		}
	}

	private static boolean goesOn(Class<?> returnType) {
		return CompletionStage.class.isAssignableFrom(returnType) || isCoroutine(returnType)
				|| reactiveAdapter(returnType) != null;
	}

	/** Refuses what would end later than the lock, or not be of the type expected. */
	private static void checkEnd(Method method, Class<?> returnType) {
		if (CompletionStage.class.isAssignableFrom(returnType)
				&& (!returnType.isAssignableFrom(CompletableFuture.class) || isChosenByCaller(method))) {
			throw new InvalidLockedMethodException(method,
					"it returns a %s, which cannot be made to wait for the release".formatted(
							isChosenByCaller(method) ? method.getGenericReturnType() : returnType.getSimpleName()),
					"Let it return a CompletableFuture or CompletionStage.");
		}
		if (isCoroutine(returnType) && reactiveAdapter(returnType) == null) {
			throw new InvalidLockedMethodException(method,
					"it returns a %s, whose end cannot be observed".formatted(returnType.getSimpleName()),
					"Add kotlinx-coroutines-reactor, which adapts Flow and Deferred, or let it return a Mono, a Flux "
							+ "or a CompletableFuture.");
		}
	}

	/**
	 * Whether the method is generic, and its result has the type that the caller expects.
	 */
	private static boolean isChosenByCaller(Method method) {
		return method.getGenericReturnType() instanceof TypeVariable<?> variable
				&& variable.getGenericDeclaration().equals(method);
	}

	private static boolean isCoroutine(Class<?> returnType) {
		return Stream.concat(Stream.of(returnType), ClassUtils.getAllInterfacesForClassAsSet(returnType).stream())
			.map(Class::getName)
			.anyMatch(COROUTINES::contains);
	}

	/**
	 * The type that a method returns, as the class of the bean declares its type
	 * variables.
	 * @param method the method
	 * @param beanType the class of the bean
	 * @return the type
	 */
	static Class<?> returnType(Method method, Class<?> beanType) {
		return result(method, beanType).resolve(method.getReturnType());
	}

	private static ResolvableType result(Method method, Class<?> beanType) {
		return SuspendingFunction.is(method) ? SuspendingFunction.result(method, beanType)
				: ResolvableType.forMethodReturnType(method, beanType);
	}

	/**
	 * Checks whether a class can be proxied.
	 * @param annotation the annotation
	 * @param type the class of a bean
	 * @param method a method of the class that has the annotation
	 */
	static void checkClass(Class<? extends Annotation> annotation, Class<?> type, Method method) {
		if (Modifier.isFinal(type.getModifiers()) && !Proxy.isProxyClass(type) && !ClassUtils.isLambdaClass(type)) {
			throw new InvalidLockedMethodException(annotation, method,
					"no proxy can be made of the final class %s".formatted(type.getName()),
					"Make the class one that can be extended (not a record; in Kotlin 'open').");
		}
	}

	/**
	 * The adapter for the result of a method whose work starts only when it is subscribed
	 * to. Works without Reactor on the class path.
	 * @param method the method
	 * @param beanType the class of the bean
	 * @return the adapter, or {@code null} if the work starts with the call
	 */
	static @Nullable ReactiveAdapter reactiveAdapter(Method method, Class<?> beanType) {
		Class<?> returnType = returnType(method, beanType);
		if (SuspendingFunction.is(method)) {
			return ReactiveResult.adapter(SuspendingFunction.isFlow(returnType));
		}
		return CompletionStage.class.isAssignableFrom(returnType) ? null : reactiveAdapter(returnType);
	}

	private static @Nullable ReactiveAdapter reactiveAdapter(Class<?> returnType) {
		if (!REACTOR) {
			return null;
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(returnType);
		return (adapter != null && adapter.getDescriptor().isDeferred()) ? adapter : null;
	}

}
