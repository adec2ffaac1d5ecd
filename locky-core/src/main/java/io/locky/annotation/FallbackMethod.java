package io.locky.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.locky.ResourceLockedException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The method that runs instead of a {@link Locked @Locked} one that is denied its lock.
 *
 * @param method the method
 * @param takesException whether its last parameter is the {@link ResourceLockedException}
 */
record FallbackMethod(Method method, boolean takesException) {

	/** The packages of annotations that need a proxy. */
	private static final List<String> ADVICE = List.of("io.locky.annotation.", "jakarta.annotation.security.",
			"jakarta.transaction.", "org.springframework.cache.annotation.",
			"org.springframework.resilience.annotation.", "org.springframework.scheduling.annotation.",
			"org.springframework.security.access.", "org.springframework.transaction.annotation.");

	/**
	 * Finds the fallback method of a locked one.
	 * @param name the name of the fallback method
	 * @param locked the locked method
	 * @param type the class that has both
	 * @return the method
	 * @throws InvalidLockedMethodException if there is no such method, or its parameters
	 * or its result do not fit
	 */
	static FallbackMethod find(String name, Method locked, Class<?> type) {
		List<Method> candidates = Arrays.stream(ReflectionUtils.getAllDeclaredMethods(ClassUtils.getUserClass(type)))
			.filter((method) -> method.getName().equals(name) && !method.isBridge() && !method.equals(locked))
			.filter((method) -> SuspendingFunction.is(locked) || !SuspendingFunction.is(method))
			.toList();
		if (candidates.isEmpty()) {
			throw new InvalidLockedMethodException(locked,
					"there is no method '%s' in %s to fall back to".formatted(name, type.getName()),
					"Add a method " + expectedSignature(name, locked, type));
		}
		for (Class<?>[] parameters : List.of(parametersWithException(locked), parameters(locked))) {
			for (Method method : candidates) {
				if (Arrays.equals(parameters(method), parameters)) {
					return of(method, locked, type);
				}
			}
		}
		throw new InvalidLockedMethodException(locked,
				"its fallback method '%s' does not take the same parameters".formatted(name),
				"Make it " + expectedSignature(name, locked, type));
	}

	private static FallbackMethod of(Method method, Method locked, Class<?> type) {
		Class<?> returned = result(method, type);
		if (!fits(returned, locked, type)) {
			throw new InvalidLockedMethodException(locked,
					"its fallback method '%s' returns %s".formatted(method.getName(), returned.getSimpleName()),
					"Make it " + expectedSignature(method.getName(), locked, type));
		}
		checkAdvice(method, locked);
		ReflectionUtils.makeAccessible(method);
		return new FallbackMethod(method, parameters(method).length > parameters(locked).length);
	}

	/** Where a suspending function is called, a value may be boxed. */
	private static boolean fits(Class<?> returned, Method locked, Class<?> type) {
		Class<?> returnType = result(locked, type);
		if (SuspendingFunction.is(locked)) {
			return SuspendingFunction.isUnit(returnType)
					|| returnType.isAssignableFrom(ClassUtils.resolvePrimitiveIfNecessary(returned));
		}
		return returnType == void.class || returnType.isAssignableFrom(returned);
	}

	private static Class<?> result(Method method, Class<?> type) {
		return SuspendingFunction.is(method) ? ProxyConstraints.returnType(method, type) : method.getReturnType();
	}

	/** The declared parameters, without the continuation of a suspending function. */
	private static Class<?>[] parameters(Method method) {
		Class<?>[] types = method.getParameterTypes();
		return SuspendingFunction.is(method) ? Arrays.copyOf(types, types.length - 1) : types;
	}

	/**
	 * Refuses annotations that need a proxy: the fallback method is called on the bean
	 * itself.
	 */
	private static void checkAdvice(Method method, Method locked) {
		Stream<MergedAnnotation<Annotation>> ofMethod = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
			.stream();
		Stream<MergedAnnotation<Annotation>> ofClass = Modifier.isPrivate(method.getModifiers()) ? Stream.empty()
				: MergedAnnotations.from(method.getDeclaringClass(), SearchStrategy.TYPE_HIERARCHY)
					.stream()
					.filter((annotation) -> !annotation.getType().equals(Locked.class));
		Stream.concat(ofMethod, ofClass)
			.map(MergedAnnotation::getType)
			.filter((type) -> ADVICE.stream().anyMatch(type.getName()::startsWith))
			.findFirst()
			.ifPresent((type) -> {
				throw new InvalidLockedMethodException(locked,
						"its fallback method '%s' has @%s, which would have no effect there".formatted(method.getName(),
								type.getSimpleName()),
						"Remove it from the fallback method (one of the class does not apply to a private method), or "
								+ "let that method call another bean that has it.");
			});
	}

	private static String expectedSignature(String name, Method locked, Class<?> type) {
		String parameters = String.join(", ", Arrays.stream(parameters(locked)).map(Class::getSimpleName).toList());
		return "'%s %s(%s)', perhaps with a ResourceLockedException as the last parameter."
			.formatted(result(locked, type).getSimpleName(), name, parameters);
	}

	private static Class<?>[] parametersWithException(Method locked) {
		Class<?>[] own = parameters(locked);
		Class<?>[] types = Arrays.copyOf(own, own.length + 1);
		types[own.length] = ResourceLockedException.class;
		return types;
	}

	/**
	 * Calls the fallback method.
	 * @param invocation the call that was denied its lock
	 * @param denied the exception that names the lock
	 * @return the result of the method
	 * @throws Throwable what the method throws
	 */
	@Nullable Object call(MethodInvocation invocation, ResourceLockedException denied) throws Throwable {
		int parameters = parameters(invocation.getMethod()).length;
		@Nullable Object[] arguments = Arrays.copyOf(invocation.getArguments(), this.takesException ? parameters + 1 : parameters,
				Object[].class);
		if (this.takesException) {
			arguments[parameters] = denied;
		}
		if (SuspendingFunction.is(this.method)) {
			return LockedCoroutine.callInstead(this.method, invocation.getThis(), invocation.getArguments(), arguments);
		}
		try {
			return this.method.invoke(invocation.getThis(), arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

}
