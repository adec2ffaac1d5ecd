package io.locky.autoconfigure;

import io.locky.observation.DefaultLockyObservationConvention;
import io.locky.observation.LockyObservationConvention;
import io.locky.observation.LockyObservations;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the observations, where there is a registry of them.
 *
 * @since 0.9.0
 */
@AutoConfiguration(before = LockyAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration" })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "locky.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LockyProperties.class)
public final class LockyObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LockyObservations lockyObservations(ObservationRegistry registry,
			ObjectProvider<LockyObservationConvention> convention, LockyProperties properties) {
		return new LockyObservations(registry, convention.getIfAvailable(DefaultLockyObservationConvention::new),
				properties.observations().includeResource());
	}

}
