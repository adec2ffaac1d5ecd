package io.locky.autoconfigure;

import io.locky.InvalidSettingException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains which property has a wrong value, and where it was set. Comes before the
 * analyzer of Spring Boot for properties, which knows only the prefix of a value that
 * {@link LockyProperties} refuses.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidSettingFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSettingException> {

	private static final ConfigurationPropertyName LOCKY = ConfigurationPropertyName.of("locky");

	private final Environment environment;

	InvalidSettingFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidSettingException cause) {
		ConfigurationPropertyName name = ConfigurationPropertyName.isValid(cause.getSetting())
				? ConfigurationPropertyName.of(cause.getSetting()) : null;
		if (name == null || !LOCKY.isAncestorOf(name)) {
			return new FailureAnalysis(
					"A setting of Locky has a value that cannot be used:\n\n    Setting: %s\n    Reason: it %s"
						.formatted(cause.getSetting(), cause.getProblem()),
					"Correct the value where the application sets it.", cause);
		}
		ConfigurationProperty property = find(this.environment, name);
		String origin = origin(property);
		return new FailureAnalysis("""
				A property of Locky has a value that cannot be used:

				    Property: %s
				    Value: %s
				    Origin: %s
				    Reason: it %s""".formatted(name, value(property), origin, cause.getProblem()),
				(property != null) ? "Correct %s (%s), or remove it to use its default.".formatted(name, origin)
						: "Set %s.".formatted(name),
				cause);
	}

	private static String value(@Nullable ConfigurationProperty property) {
		return (property != null) ? "\"" + property.getValue() + "\"" : "its default";
	}

	private static String origin(@Nullable ConfigurationProperty property) {
		return (property != null) ? origin(property.getOrigin(), property) : "not set";
	}

	private static String origin(@Nullable Origin origin, ConfigurationProperty property) {
		return (origin != null) ? origin.toString() : String.valueOf(property.getSource());
	}

	/**
	 * Finds where a property was set, by any of the names that Spring Boot accepts for
	 * it. A list may have been set by its elements.
	 * @param environment the environment
	 * @param name the name of the property
	 * @return the first property of that name, or {@code null} if it is not set
	 */
	static @Nullable ConfigurationProperty find(Environment environment, ConfigurationPropertyName name) {
		Iterable<ConfigurationPropertySource> sources = ConfigurationPropertySources.get(environment);
		for (ConfigurationPropertySource source : sources) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			ConfigurationProperty element = source.getConfigurationProperty(name.append("[0]"));
			if (property != null || element != null) {
				return (property != null) ? property : element;
			}
		}
		return null;
	}

}
