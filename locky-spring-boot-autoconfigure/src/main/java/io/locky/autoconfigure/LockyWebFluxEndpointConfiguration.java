package io.locky.autoconfigure;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.observation.LockyObservations;
import io.locky.web.internal.endpoint.EndpointLocks;
import io.locky.web.internal.endpoint.EndpointSettings;
import io.locky.web.internal.endpoint.HandoverEndpoint;
import io.locky.web.internal.endpoint.LineEndpoint;
import io.locky.web.internal.endpoint.HistoryEndpoint;
import io.locky.web.internal.endpoint.LockEndpoint;
import io.locky.web.internal.endpoint.LockSessions;
import io.locky.web.internal.endpoint.LockStreams;
import io.locky.web.internal.endpoint.PresenceEndpoint;
import io.locky.web.internal.endpoint.ReactiveEndpointLocks;
import io.locky.web.internal.endpoint.RequestCheck;
import io.locky.web.internal.webflux.HandoverWebFluxController;
import io.locky.web.internal.webflux.BrowserModuleConfigurer;
import io.locky.web.internal.webflux.LineWebFluxController;
import io.locky.web.internal.webflux.HistoryWebFluxController;
import io.locky.web.internal.webflux.LockRequestWebFilter;
import io.locky.web.internal.webflux.LockWebFluxController;
import io.locky.web.internal.webflux.PresenceWebFluxController;
import io.locky.web.internal.webflux.WebFluxCalls;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.codec.ServerCodecConfigurer;

/**
 * The HTTP endpoints for locks and the browser module in Spring WebFlux.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("locky.web.enabled")
@Import({ LockyEndpointConfiguration.class, LockyWebFluxLogoutConfiguration.class })
class LockyWebFluxEndpointConfiguration {

	/** Without reactive operations, threads that may block call the others. */
	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	EndpointLocks lockyEndpointLocks(LockyOperations locks, ObjectProvider<ReactiveLockyOperations> reactive,
			ObjectProvider<LockyObservations> observations) {
		ReactiveLockyOperations available = reactive.getIfAvailable();
		if (available == null) {
			return LockyEndpointConfiguration.blocking(locks, observations);
		}
		LockyObservations observed = observations.getIfAvailable();
		return new ReactiveEndpointLocks((observed != null) ? observed.observe(available) : available);
	}

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	LockWebFluxController lockyWebFluxController(LockEndpoint endpoint, LockStreams streams, WebFluxCalls calls,
			LockSessions sessions) {
		return new LockWebFluxController(endpoint, streams, calls, sessions);
	}

	@Bean
	@ConditionalOnBean(PresenceEndpoint.class)
	PresenceWebFluxController lockyPresenceWebFluxController(PresenceEndpoint endpoint, WebFluxCalls calls) {
		return new PresenceWebFluxController(endpoint, calls);
	}

	@Bean
	@ConditionalOnBean(LineEndpoint.class)
	LineWebFluxController lockyLineWebFluxController(LineEndpoint endpoint, WebFluxCalls calls) {
		return new LineWebFluxController(endpoint, calls);
	}

	@Bean
	@ConditionalOnBean(HistoryEndpoint.class)
	HistoryWebFluxController lockyHistoryWebFluxController(HistoryEndpoint endpoint, WebFluxCalls calls) {
		return new HistoryWebFluxController(endpoint, calls);
	}

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	WebFluxCalls lockyWebFluxCalls(ObjectProvider<LockerResolver> lockers, ServerCodecConfigurer codecs,
			EndpointSettings settings) {
		return new WebFluxCalls(lockers.getIfAvailable(), codecs, settings);
	}

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	LockRequestWebFilter lockyRequestFilter(RequestCheck check, EndpointSettings settings) {
		return new LockRequestWebFilter(check, settings);
	}

	@Bean
	@ConditionalOnBean(LockEndpoint.class)
	BrowserModuleConfigurer lockyBrowserModule() {
		return new BrowserModuleConfigurer();
	}

	@Bean
	@ConditionalOnBean(HandoverEndpoint.class)
	HandoverWebFluxController lockyHandoverWebFluxController(HandoverEndpoint endpoint, WebFluxCalls calls,
			LockSessions sessions) {
		return new HandoverWebFluxController(endpoint, calls, sessions);
	}

}
