package io.locky.autoconfigure;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.observation.LockyObservations;
import io.locky.web.internal.endpoint.EndpointLocks;
import io.locky.web.internal.endpoint.EndpointSettings;
import io.locky.web.internal.endpoint.HandoverEndpoint;
import io.locky.web.internal.endpoint.LineEndpoint;
import io.locky.web.internal.endpoint.HistoryEndpoint;
import io.locky.web.internal.endpoint.LockEndpoint;
import io.locky.web.internal.endpoint.LockSessions;
import io.locky.web.internal.endpoint.LockStreams;
import io.locky.web.internal.mvc.HandoverMvcController;
import io.locky.web.internal.endpoint.PresenceEndpoint;
import io.locky.web.internal.mvc.BrowserModuleConfigurer;
import io.locky.web.internal.mvc.LineMvcController;
import io.locky.web.internal.mvc.HistoryMvcController;
import io.locky.web.internal.mvc.LockBodyLimit;
import io.locky.web.internal.endpoint.RequestCheck;
import io.locky.web.internal.mvc.LockMvcController;
import io.locky.web.internal.mvc.LockRequestFilter;
import io.locky.web.internal.mvc.LockSessionListener;
import io.locky.web.internal.mvc.MvcCallers;
import io.locky.web.internal.mvc.PresenceMvcController;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The HTTP endpoints for locks and the browser module in Spring MVC.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("locky.web.enabled")
@Import({ LockyEndpointConfiguration.class, LockyMvcLogoutConfiguration.class })
class LockyMvcEndpointConfiguration {

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	EndpointLocks lockyEndpointLocks(LockyOperations locks, ObjectProvider<LockyObservations> observations) {
		return LockyEndpointConfiguration.blocking(locks, observations);
	}

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	LockMvcController lockyMvcController(LockEndpoint endpoint, LockStreams streams, MvcCallers callers,
			LockSessions sessions, ConfigurableBeanFactory beans) {
		return ApplicationClasses.use(beans, () -> new LockMvcController(endpoint, streams, callers, sessions));
	}

	@Bean
	@ConditionalOnBean(PresenceEndpoint.class)
	PresenceMvcController lockyPresenceMvcController(PresenceEndpoint endpoint, MvcCallers callers) {
		return new PresenceMvcController(endpoint, callers);
	}

	@Bean
	@ConditionalOnBean(LineEndpoint.class)
	LineMvcController lockyLineMvcController(LineEndpoint endpoint, MvcCallers callers) {
		return new LineMvcController(endpoint, callers);
	}

	@Bean
	@ConditionalOnBean(HistoryEndpoint.class)
	HistoryMvcController lockyHistoryMvcController(HistoryEndpoint endpoint, MvcCallers callers) {
		return new HistoryMvcController(endpoint, callers);
	}

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	MvcCallers lockyMvcCallers(ObjectProvider<LockerResolver> lockers) {
		return new MvcCallers(lockers.getIfAvailable());
	}

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	LockSessionListener lockySessionListener(LockSessions sessions) {
		return new LockSessionListener(sessions);
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

	@Bean
	@ConditionalOnBean(HandoverEndpoint.class)
	HandoverMvcController lockyHandoverMvcController(HandoverEndpoint endpoint, MvcCallers callers,
			LockSessions sessions) {
		return new HandoverMvcController(endpoint, callers, sessions);
	}

}
