package io.locky.autoconfigure.actuate;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.actuate.LockyBoot3HealthAutoConfiguration.OnEnabledHealth;
import io.locky.core.LockyTemplate;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Auto-configuration of the health of locks, with the types of Spring Boot 3.5.
 *
 * @since 0.9.0
 */
@AutoConfiguration(after = LockyAutoConfiguration.class)
@ConditionalOnClass(name = LockyBoot3HealthAutoConfiguration.INDICATOR)
@ConditionalOnBean(LockyTemplate.class)
@Conditional(OnEnabledHealth.class)
public final class LockyBoot3HealthAutoConfiguration {

	static final String INDICATOR = "org.springframework.boot.actuate.health.HealthIndicator";

	@Bean
	@ConditionalOnMissingBean(name = "lockyHealthIndicator")
	static FactoryBean<Object> lockyHealthIndicator(ObjectProvider<LockyTemplate> locks, ApplicationContext context) {
		return new Boot3HealthIndicator(locks, context.getClassLoader());
	}

	/** As {@code @ConditionalOnEnabledHealthIndicator} of Spring Boot decides. */
	static class OnEnabledHealth implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			Environment environment = context.getEnvironment();
			boolean all = environment.getProperty("management.health.defaults.enabled", Boolean.class, true);
			return environment.getProperty("management.health.locky.enabled", Boolean.class, all);
		}

	}

}
