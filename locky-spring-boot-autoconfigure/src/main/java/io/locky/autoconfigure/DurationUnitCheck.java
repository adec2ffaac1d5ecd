package io.locky.autoconfigure;

import java.time.Duration;

import io.locky.InvalidSettingException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Refuses durations of Locky that have no unit. Spring Boot takes a plain number for
 * milliseconds: {@code locky.ttl=30} would be a lease of 30 ms.
 */
class DurationUnitCheck implements ConfigurationPropertiesBindHandlerAdvisor {

	private static final ConfigurationPropertyName LOCKY = ConfigurationPropertyName.of("locky");

	private final Environment environment;

	DurationUnitCheck(Environment environment) {
		this.environment = environment;
	}

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new AbstractBindHandler(bindHandler) {
			@Override
			public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Object result) {
				ConfigurationProperty property = context.getConfigurationProperty();
				if (result instanceof Duration && property != null && LOCKY.isAncestorOf(name)) {
					check(name, property);
				}
				return super.onSuccess(name, target, context, result);
			}
		};
	}

	private void check(ConfigurationPropertyName name, ConfigurationProperty property) {
		String value = this.environment.resolvePlaceholders(String.valueOf(property.getValue())).trim();
		if (value.matches("[+-]?\\d+")) {
			throw new InvalidSettingException(name.toString(),
					"must have a unit, as in %ss, %sms or %sm, but is '%s'".formatted(value, value, value, value));
		}
	}

}
