package io.locky.autoconfigure.actuate;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.core.LockyTemplate;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health of locks, with the types of Spring Boot 4.
 *
 * @since 0.9.0
 */
@AutoConfiguration(after = LockyAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(LockyTemplate.class)
@ConditionalOnEnabledHealthIndicator("locky")
public final class LockyHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "lockyHealthIndicator")
	HealthIndicator lockyHealthIndicator(LockyTemplate locks) {
		return new LockyHealthIndicator(locks);
	}

}
