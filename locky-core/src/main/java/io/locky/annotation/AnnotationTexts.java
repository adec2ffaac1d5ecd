package io.locky.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;

/**
 * Parses the texts of a method's annotation, and checks them against the parameters of
 * the method.
 */
final class AnnotationTexts {

	private static final Logger logger = LoggerFactory.getLogger(AnnotationTexts.class);

	/** A name, perhaps with a path, that lacks the '#' of a placeholder. */
	private static final Pattern LIKE_A_PLACEHOLDER = Pattern
		.compile("(?<!#)(?:\\{\\s*((\\w+)(?:\\.\\w+)*)\\s*}|<((\\w+)(?:\\.\\w+)*)>)", Pattern.UNICODE_CHARACTER_CLASS);

	private static final String HOW_TO_KEEP_NAMES = """
			Compile with the option -parameters, and compile the class again:
			    Maven: use spring-boot-starter-parent as the parent, or set the property \
			<maven.compiler.parameters>true</maven.compiler.parameters>
			    Gradle: apply the plugin org.springframework.boot, or write \
			tasks.withType<JavaCompile> { options.compilerArgs.add("-parameters") }
			    IntelliJ IDEA: Settings > Build, Execution, Deployment > Compiler > Java Compiler > \
			"Additional command line parameters": -parameters, unless it delegates the build to Maven or Gradle
			    Eclipse: Preferences > Java > Compiler > \
			"Store information about method parameters (usable via reflection)"
			    Kotlin: javaParameters = true in the options of its compiler""";

	private static final ParameterNameDiscoverer PARAMETER_NAMES = new DefaultParameterNameDiscoverer();

	private final Class<? extends Annotation> annotation;

	private final Method method;

	private final StringValueResolver propertyResolver;

	private final @Nullable List<String> parameters;

	/**
	 * Creates a parser for one method.
	 * @param annotation the annotation
	 * @param method the method
	 * @param propertyResolver resolves properties of the application
	 */
	AnnotationTexts(Class<? extends Annotation> annotation, Method method, StringValueResolver propertyResolver) {
		this.annotation = annotation;
		this.method = method;
		this.propertyResolver = propertyResolver;
		String[] names = PARAMETER_NAMES.getParameterNames(method);
		this.parameters = (names != null) ? List.of(names) : null;
	}

	/**
	 * The names of the method's parameters.
	 * @return the names in their order, or an empty list if the class was compiled
	 * without them
	 */
	List<String> parameters() {
		return (this.parameters != null) ? this.parameters : List.of();
	}

	/**
	 * Parses a text with placeholders.
	 * @param attribute the name of the attribute, for errors
	 * @param text the text
	 * @return the parsed text
	 * @throws InvalidLockedMethodException if it has a syntax error, an unknown parameter
	 * or a property that is not set
	 */
	TextTemplate parse(String attribute, String text) {
		TextTemplate parsed;
		try {
			parsed = TextTemplate.parse(resolveProperties(attribute, text));
		}
		catch (IllegalArgumentException ex) {
			throw invalid("\"%s\" as '%s': %s".formatted(text, attribute, ex.getMessage()),
					"Correct the text of the annotation.");
		}
		parsed.parameters().forEach(this::checkParameter);
		parsed.literals().forEach((literal) -> LIKE_A_PLACEHOLDER.matcher(literal).results().forEach((match) -> {
			String path = group(match, 1);
			String name = group(match, 2);
			if (parameters().contains(name)) {
				logger.warn("@{} on {}: '{}' in \"{}\" is literal text. If you mean the parameter '{}', write '#<{}>'.",
						this.annotation.getSimpleName(), ClassUtils.getQualifiedMethodName(this.method), match.group(),
						text, name, path);
			}
		}));
		return parsed;
	}

	/** A group of either kind of brackets. */
	private static String group(MatchResult match, int number) {
		return (match.group(number) != null) ? match.group(number) : match.group(number + 2);
	}

	/**
	 * Resolves the properties of the application in a text.
	 * @param attribute the name of the attribute, for errors
	 * @param text the text
	 * @return the text without <code>${…}</code>
	 * @throws InvalidLockedMethodException if a property is not set
	 */
	String resolveProperties(String attribute, String text) {
		String resolved;
		try {
			resolved = this.propertyResolver.resolveStringValue(text);
		}
		catch (IllegalArgumentException ex) {
			throw unresolved(attribute, text);
		}
		if (resolved == null || resolved.contains("${")) {
			throw unresolved(attribute, text);
		}
		return resolved;
	}

	private void checkParameter(String name) {
		if (this.parameters == null) {
			throw invalid("it names the parameter '%s', but the class was compiled without names".formatted(name),
					HOW_TO_KEEP_NAMES);
		}
		if (!this.parameters.contains(name)) {
			throw invalid("there is no parameter '%s'".formatted(name), "Use one of %s.".formatted(this.parameters));
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
