package io.locky.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationContext;
import org.springframework.util.StringValueResolver;

/**
 * Reads the texts of a method's annotation, and checks them against its parameters.
 */
final class AnnotationTexts {

	private static final ParameterNameDiscoverer PARAMETER_NAMES = new DefaultParameterNameDiscoverer();

	private final Class<? extends Annotation> annotation;

	private final Method method;

	private final StringValueResolver properties;

	private final String @Nullable [] names;

	/**
	 * Creates a reader.
	 * @param annotation the annotation
	 * @param method the method
	 * @param properties who puts the properties of the application in
	 */
	AnnotationTexts(Class<? extends Annotation> annotation, Method method, StringValueResolver properties) {
		this.annotation = annotation;
		this.method = method;
		this.properties = properties;
		this.names = PARAMETER_NAMES.getParameterNames(method);
	}

	/**
	 * The names of the parameters.
	 * @return the names in their order, or nothing if they are not known
	 */
	List<String> parameters() {
		return (this.names != null) ? List.of(this.names) : List.of();
	}

	/**
	 * Makes what the texts read of one call.
	 * @param arguments the arguments of the call
	 * @return the parameters by their names
	 */
	EvaluationContext context(@Nullable Object[] arguments) {
		return MethodArguments.of((this.names != null) ? this.names : new String[0], arguments);
	}

	/**
	 * Puts the properties of the application into a text.
	 * @param attribute what to call it in an error
	 * @param text the text
	 * @return the text without <code>${…}</code>
	 */
	String withProperties(String attribute, String text) {
		String resolved;
		try {
			resolved = this.properties.resolveStringValue(text);
		}
		catch (IllegalArgumentException ex) {
			throw unresolved(attribute, text);
		}
		if (resolved == null || resolved.contains("${")) {
			throw unresolved(attribute, text);
		}
		return resolved;
	}

	/**
	 * Parses a text with placeholders.
	 * @param attribute what to call it in an error
	 * @param text the text
	 * @return what it means
	 */
	TextTemplate parse(String attribute, String text) {
		TextTemplate parsed;
		try {
			parsed = TextTemplate.parse(withProperties(attribute, text));
		}
		catch (IllegalArgumentException ex) {
			throw invalid("\"%s\" as '%s': %s".formatted(text, attribute, ex.getMessage()),
					"Correct the text of the annotation.");
		}
		parsed.parameters().forEach(this::checkParameter);
		return parsed;
	}

	private void checkParameter(String name) {
		if (this.names == null) {
			throw invalid("the names of its parameters are not known", "Compile with the option -parameters.");
		}
		if (!parameters().contains(name)) {
			throw invalid("there is no parameter '%s'".formatted(name), "Use one of %s.".formatted(parameters()));
		}
	}

	private InvalidLockedMethodException unresolved(String attribute, String text) {
		return invalid("\"%s\" as '%s' has a property that is not set".formatted(text, attribute),
				"Set the property, or give it a default: ${name:default}.");
	}

	InvalidLockedMethodException invalid(String problem, String action) {
		return new InvalidLockedMethodException(this.annotation, this.method, problem, action);
	}

}
