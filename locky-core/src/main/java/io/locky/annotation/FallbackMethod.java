package io.locky.annotation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

import io.locky.ResourceLockedException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * A method that is called instead of one which gets no lock.
 *
 * @param method the method
 * @param knowsWhy whether it takes the exception
 */
record FallbackMethod(Method method, boolean knowsWhy) {

	/**
	 * Finds it.
	 * @param name its name
	 * @param locked the method that it stands in for
	 * @param type the class that has both
	 * @return the method
	 * @throws InvalidLockedMethodException if there is none that fits
	 */
	static FallbackMethod find(String name, Method locked, Class<?> type) {
		List<Method> named = Arrays.stream(ReflectionUtils.getAllDeclaredMethods(ClassUtils.getUserClass(type)))
			.filter((method) -> method.getName().equals(name) && !method.isBridge() && !method.equals(locked))
			.toList();
		if (named.isEmpty()) {
			throw new InvalidLockedMethodException(locked,
					"there is no method '%s' in %s to fall back to".formatted(name, type.getName()),
					"Add a method " + expected(name, locked));
		}
		for (Class<?>[] parameters : List.of(withDenial(locked), locked.getParameterTypes())) {
			for (Method method : named) {
				if (Arrays.equals(method.getParameterTypes(), parameters)) {
					return of(method, locked);
				}
			}
		}
		throw new InvalidLockedMethodException(locked,
				"its fallback method '%s' does not take the same parameters".formatted(name),
				"Make it " + expected(name, locked));
	}

	private static FallbackMethod of(Method method, Method locked) {
		Class<?> wanted = locked.getReturnType();
		if (wanted != void.class && !wanted.isAssignableFrom(method.getReturnType())) {
			throw new InvalidLockedMethodException(locked, "its fallback method '%s' returns %s"
				.formatted(method.getName(), method.getReturnType().getSimpleName()),
					"Make it " + expected(method.getName(), locked));
		}
		ReflectionUtils.makeAccessible(method);
		return new FallbackMethod(method, method.getParameterCount() > locked.getParameterCount());
	}

	private static String expected(String name, Method locked) {
		String parameters = String.join(", ",
				Arrays.stream(locked.getParameterTypes()).map(Class::getSimpleName).toList());
		return "'%s %s(%s)', perhaps with a ResourceLockedException as the last parameter."
			.formatted(locked.getReturnType().getSimpleName(), name, parameters);
	}

	private static Class<?>[] withDenial(Method locked) {
		Class<?>[] types = Arrays.copyOf(locked.getParameterTypes(), locked.getParameterCount() + 1);
		types[locked.getParameterCount()] = ResourceLockedException.class;
		return types;
	}

	/**
	 * Calls it.
	 * @param invocation the call that gets no lock
	 * @param denied why
	 * @return what it returns
	 * @throws Throwable what it throws
	 */
	@Nullable Object call(MethodInvocation invocation, ResourceLockedException denied) throws Throwable {
		@Nullable Object[] arguments = invocation.getArguments();
		if (this.knowsWhy) {
			arguments = Arrays.copyOf(arguments, arguments.length + 1, Object[].class);
			arguments[arguments.length - 1] = denied;
		}
		try {
			return this.method.invoke(invocation.getThis(), arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

}
