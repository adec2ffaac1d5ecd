package io.locky.autoconfigure;

import io.locky.LockerResolver;
import io.locky.web.internal.endpoint.EndpointSettings;
import io.locky.web.internal.endpoint.LockEndpoint;
import io.locky.web.internal.endpoint.LockStreams;
import io.locky.web.internal.mvc.BrowserModuleConfigurer;
import io.locky.web.internal.mvc.LockBodyLimit;
import io.locky.web.internal.endpoint.RequestCheck;
import io.locky.web.internal.mvc.LockMvcController;
import io.locky.web.internal.mvc.LockRequestFilter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * The HTTP endpoints for locks and the browser module in Spring MVC.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("locky.web.enabled")
@Import(LockyEndpointConfiguration.class)
class LockyMvcEndpointConfiguration {

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	LockMvcController lockyMvcController(LockEndpoint endpoint, LockStreams streams,
			ObjectProvider<LockerResolver> lockers, ObjectProvider<RequestMappingHandlerAdapter> adapters) {
		return new LockMvcController(endpoint, streams, lockers.getIfAvailable(),
				() -> adapters.getObject().getMessageConverters());
	}

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	LockRequestFilter lockyRequestFilter(RequestCheck check, EndpointSettings settings) {
		return new LockRequestFilter(check, settings);
	}

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	LockBodyLimit lockyBodyLimit(EndpointSettings settings) {
		return new LockBodyLimit(settings);
	}

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	BrowserModuleConfigurer lockyBrowserModule() {
		return new BrowserModuleConfigurer();
	}

}
