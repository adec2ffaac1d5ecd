package io.locky.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Auto-configuration for locks over Spring MVC.
 *
 * @since 0.9.0
 */
@AutoConfiguration(after = { LockyAutoConfiguration.class, LockyPeopleAutoConfiguration.class,
		LockySecurityAutoConfiguration.class })
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBooleanProperty(name = "locky.enabled", matchIfMissing = true)
@Import({ LockyProblemConfiguration.class, LockyMvcEndpointConfiguration.class })
public final class LockyWebMvcAutoConfiguration {

}
