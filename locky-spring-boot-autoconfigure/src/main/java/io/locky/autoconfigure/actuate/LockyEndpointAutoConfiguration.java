package io.locky.autoconfigure.actuate;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.core.LockyTemplate;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the endpoint {@code locky} of the Actuator.
 *
 * @since 0.9.0
 */
@AutoConfiguration(after = LockyAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(LockyTemplate.class)
@ConditionalOnAvailableEndpoint(LocksEndpoint.class)
public final class LockyEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LocksEndpoint lockyActuatorEndpoint(LockyTemplate locks, ApplicationEventPublisher events) {
		return new LocksEndpoint(locks, events);
	}

}
