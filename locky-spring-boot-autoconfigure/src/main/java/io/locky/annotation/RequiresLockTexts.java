package io.locky.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationContext;

/**
 * Understands the texts of an annotation over the parameters of its method, and says at
 * start-up what cannot work.
 */
final class RequiresLockTexts {

	private static final ParameterNameDiscoverer PARAMETER_NAMES = new DefaultParameterNameDiscoverer();

	private final Class<? extends Annotation> annotation;

	private final Method method;

	private final String @Nullable [] parameters;

	RequiresLockTexts(Class<? extends Annotation> annotation, Method method) {
		this.annotation = annotation;
		this.method = method;
		this.parameters = PARAMETER_NAMES.getParameterNames(method);
		checkReachable();
	}

	private void checkReachable() {
		int modifiers = this.method.getModifiers();
		if (Modifier.isPrivate(modifiers) || Modifier.isFinal(modifiers) || Modifier.isStatic(modifiers)) {
			throw invalid("a proxy cannot reach a private, final or static method, so that it would run unchecked",
					"Make the method an overridable one that other beans call.");
		}
	}

	ResourceText parse(String text) {
		ResourceText parsed = understand(text);
		checkParameters(parsed.parameters());
		return parsed;
	}

	private ResourceText understand(String text) {
		try {
			return ResourceText.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw invalid("\"%s\": %s".formatted(text, ex.getMessage()), "Correct the text of the annotation.");
		}
	}

	private void checkParameters(Set<String> used) {
		if (this.parameters == null && !used.isEmpty()) {
			throw invalid("the names of its parameters are not known", "Compile with the option -parameters.");
		}
		for (String name : used) {
			if (!Arrays.asList(names()).contains(name)) {
				throw invalid("there is no parameter '%s'".formatted(name),
						"Use one of %s.".formatted(Arrays.toString(names())));
			}
		}
	}

	EvaluationContext context(@Nullable Object[] arguments) {
		return MethodArguments.of(names(), arguments);
	}

	InvalidLockedMethodException invalid(String problem, String action) {
		return new InvalidLockedMethodException(this.annotation, this.method, problem, action);
	}

	private String[] names() {
		return (this.parameters != null) ? this.parameters : new String[0];
	}

}
