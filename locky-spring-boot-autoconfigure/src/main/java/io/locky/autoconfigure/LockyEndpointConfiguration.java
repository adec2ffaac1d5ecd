package io.locky.autoconfigure;

import java.time.Duration;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.observation.LockyObservations;
import io.locky.people.LockHandovers;
import io.locky.people.LockPresence;
import io.locky.people.LockLine;
import io.locky.people.LockHistory;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockHolderView;
import io.locky.web.LockLimits;
import io.locky.web.internal.endpoint.EndpointLocks;
import io.locky.web.internal.endpoint.EndpointSettings;
import io.locky.web.internal.endpoint.HandoverEndpoint;
import io.locky.web.internal.endpoint.HandoverViews;
import io.locky.web.internal.endpoint.LineEndpoint;
import io.locky.web.internal.endpoint.HistoryEndpoint;
import io.locky.web.internal.endpoint.LockAnswers;
import io.locky.web.internal.endpoint.LockEndpoint;
import io.locky.web.internal.endpoint.LockSessions;
import io.locky.web.internal.endpoint.LockStreams;
import io.locky.web.internal.endpoint.PrefixAccessPolicy;
import io.locky.web.internal.endpoint.PresenceEndpoint;
import io.locky.web.internal.endpoint.RequestCheck;
import io.locky.web.internal.endpoint.SameLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The part of the HTTP endpoints that is the same for Spring MVC and WebFlux.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("locky.web.enabled")
@ConditionalOnBean(LockyOperations.class)
class LockyEndpointConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(LockyEndpointConfiguration.class);

	private static final Duration DEFAULT_TTL = Duration.ofSeconds(30);

	@Bean
	@ConditionalOnMissingBean
	LockAccessPolicy lockAccessPolicy(LockyWebProperties properties) {
		if (properties.resources().isEmpty()) {
			logger.warn("No resource may be locked over HTTP: define a LockAccessPolicy bean, or set "
					+ "locky.web.resources to the prefixes of the resources that every authenticated caller may lock");
		}
		return new PrefixAccessPolicy(properties.resources());
	}

	@Bean
	LockAnswers lockyAnswers(ObjectProvider<LockHolderView> view) {
		return new LockAnswers(view.getIfAvailable(LockHolderView::everything));
	}

	@Bean
	LockEndpoint lockyEndpoint(EndpointLocks locks, LockAccessPolicy policy, LockAnswers answers,
			EndpointSettings settings, LockLimits limits, ObjectProvider<HandoverViews> handovers) {
		return new LockEndpoint(locks, policy, answers, settings, limits, handovers.getIfAvailable());
	}

	static EndpointLocks blocking(LockyOperations locks, ObjectProvider<LockyObservations> observations) {
		LockyObservations observed = observations.getIfAvailable();
		return EndpointLocks.blocking((observed != null) ? observed.observe(locks) : locks);
	}

	@Bean
	@ConditionalOnBean(LockHandovers.class)
	HandoverViews lockyHandoverViews(LockHandovers handovers, LockAnswers answers) {
		return new HandoverViews(handovers, answers);
	}

	@Bean
	@ConditionalOnBean(LockHandovers.class)
	HandoverEndpoint lockyHandoverEndpoint(LockEndpoint endpoint, LockyOperations locks, LockHandovers handovers,
			LockAccessPolicy policy, HandoverViews views) {
		return new HandoverEndpoint(endpoint, locks, handovers, policy, views);
	}

	@Bean
	@ConditionalOnBean(LockPresence.class)
	PresenceEndpoint lockyPresenceEndpoint(LockPresence presence, LockEndpoint locks, LockAccessPolicy policy,
			LockAnswers answers) {
		return new PresenceEndpoint(presence, locks, policy, answers);
	}

	@Bean
	@ConditionalOnBean(LockLine.class)
	LineEndpoint lockyLineEndpoint(LockLine line, LockEndpoint locks, LockAccessPolicy policy, LockAnswers answers) {
		return new LineEndpoint(line, locks, policy, answers);
	}

	@Bean
	@ConditionalOnBean(LockHistory.class)
	HistoryEndpoint lockyHistoryEndpoint(LockHistory history, LockEndpoint endpoint, LockAccessPolicy policy,
			LockAnswers answers) {
		return new HistoryEndpoint(history, endpoint, policy, answers);
	}

	@Bean
	@ConditionalOnMissingBean
	LockLimits lockLimits(LockyWebProperties properties) {
		return new SameLimits(properties.maxLocksPerCaller(), properties.maxRequestsPerSecond());
	}

	@Bean
	LockSessions lockySessions(LockyOperations locks, LockStreams streams) {
		return new LockSessions(locks, streams);
	}

	@Bean
	EndpointSettings lockyEndpointSettings(LockyProperties general, LockyWebProperties properties) {
		return new EndpointSettings(ttl(general, properties), properties.maxWatched());
	}

	@Bean
	RequestCheck lockyRequestCheck(LockyWebProperties properties) {
		return new RequestCheck(properties.path());
	}

	private static Duration ttl(LockyProperties general, LockyWebProperties properties) {
		Duration own = properties.ttl();
		Duration shared = general.ttl();
		if (own != null) {
			return own;
		}
		return (shared != null) ? shared : DEFAULT_TTL;
	}

	@Bean
	LockStreams lockyStreams(LockEndpoint endpoint, LockAnswers answers, LockyProperties general,
			LockyWebProperties properties, ObjectProvider<LockerResolver> lockers, ConfigurableBeanFactory beans) {
		if (lockers.stream().findAny().isEmpty()) {
			logger.warn("No caller can lock over HTTP: use Spring Security, or define a LockerResolver bean "
					+ "that identifies the caller");
		}
		LockStreams.Settings settings = new LockStreams.Settings(properties.maxSubscribers(),
				properties.streamHeartbeat(), general.events().broadcast());
		return ApplicationClasses.use(beans, () -> new LockStreams(endpoint, answers, settings));
	}

}
