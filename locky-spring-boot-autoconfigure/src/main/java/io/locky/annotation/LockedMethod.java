package io.locky.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * A method that locks, understood once and checked.
 */
final class LockedMethod {

	private static final ParameterNameDiscoverer PARAMETER_NAMES = new DefaultParameterNameDiscoverer();

	private final Method method;

	private final ResourceText resource;

	private final String[] parameters;

	private LockedMethod(Method method, ResourceText resource, String[] parameters) {
		this.method = method;
		this.resource = resource;
		this.parameters = parameters;
	}

	static LockedMethod of(Method method) {
		Locked locked = AnnotatedElementUtils.findMergedAnnotation(method, Locked.class);
		if (locked == null) {
			throw new IllegalArgumentException("No @Locked on " + method);
		}
		checkReachable(method);
		ResourceText resource = parse(method, locked);
		return new LockedMethod(method, resource, parameterNames(method, resource.parameters()));
	}

	private static void checkReachable(Method method) {
		int modifiers = method.getModifiers();
		if (Modifier.isPrivate(modifiers) || Modifier.isFinal(modifiers) || Modifier.isStatic(modifiers)) {
			throw new InvalidLockedMethodException(method,
					"a proxy cannot reach a private, final or static method, so that it would run unlocked",
					"Make the method an overridable one that other beans call.");
		}
	}

	private static ResourceText parse(Method method, Locked locked) {
		try {
			return ResourceText.parse(locked.value());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidLockedMethodException(method, "\"%s\": %s".formatted(locked.value(), ex.getMessage()),
					"Correct the text of the annotation.");
		}
	}

	private static String[] parameterNames(Method method, Set<String> used) {
		String[] names = PARAMETER_NAMES.getParameterNames(method);
		if (names == null) {
			if (!used.isEmpty()) {
				throw new InvalidLockedMethodException(method, "the names of its parameters are not known",
						"Compile with the option -parameters.");
			}
			return new String[0];
		}
		for (String name : used) {
			if (!Arrays.asList(names).contains(name)) {
				throw new InvalidLockedMethodException(method, "there is no parameter '%s'".formatted(name),
						"Use one of %s.".formatted(Arrays.toString(names)));
			}
		}
		return names;
	}

	/**
	 * The resource of one call.
	 * @param arguments the arguments of the call
	 * @return its name
	 * @throws IllegalArgumentException if the arguments do not make a name
	 */
	String resource(@Nullable Object[] arguments) {
		try {
			return this.resource.resolve(MethodArguments.of(this.parameters, arguments));
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("@Locked on %s cannot name its resource: %s"
				.formatted(ClassUtils.getQualifiedMethodName(this.method), ex.getMessage()), ex);
		}
	}

	/**
	 * A short name of the method to recognize its locks by.
	 * @return class and method
	 */
	String label() {
		return this.method.getDeclaringClass().getSimpleName() + "." + this.method.getName();
	}

}
