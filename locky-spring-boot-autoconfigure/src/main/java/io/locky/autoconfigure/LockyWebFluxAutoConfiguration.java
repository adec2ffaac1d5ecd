package io.locky.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.DispatcherHandler;

/**
 * Auto-configuration for locks over Spring WebFlux.
 *
 * @since 0.9.0
 */
@AutoConfiguration(after = { LockyAutoConfiguration.class, LockyPeopleAutoConfiguration.class,
		LockySecurityAutoConfiguration.class })
@ConditionalOnClass(DispatcherHandler.class)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "locky.enabled", matchIfMissing = true)
@Import({ LockyProblemConfiguration.class, LockyWebFluxEndpointConfiguration.class })
public final class LockyWebFluxAutoConfiguration {

}
