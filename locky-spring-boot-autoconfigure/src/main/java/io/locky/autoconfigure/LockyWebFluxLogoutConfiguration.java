package io.locky.autoconfigure;

import io.locky.web.internal.endpoint.LockSessions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.authentication.logout.ServerLogoutHandler;
import org.springframework.web.server.WebSession;

/**
 * Ends what belongs to a session at a logout of Spring Security in Spring WebFlux. The
 * beans are no candidates for injection by type: an application may have handlers of its
 * own.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ ServerLogoutHandler.class, ServerHttpSecurity.class })
@ConditionalOnBean(LockSessions.class)
class LockyWebFluxLogoutConfiguration {

	@Bean(defaultCandidate = false)
	ServerLogoutHandler lockyLogoutHandler(LockSessions sessions) {
		return (exchange, authentication) -> exchange.getExchange()
			.getSession()
			.filter(WebSession::isStarted)
			.flatMap((session) -> end(sessions, session));
	}

	private static Mono<Void> end(LockSessions sessions, WebSession session) {
		Object grants = session.getAttributes().remove(LockSessions.ATTRIBUTE);
		return Mono.<Void>fromRunnable(() -> sessions.end(session.getId(), grants))
			.subscribeOn(Schedulers.boundedElastic());
	}

	/**
	 * Spring Security applies it from version 7 on. The other handlers end the session.
	 */
	@Bean
	Customizer<ServerHttpSecurity.LogoutSpec> lockyLogout(
			@Qualifier("lockyLogoutHandler") ServerLogoutHandler lockyLogoutHandler) {
		return (logout) -> logout.logoutHandler((handlers) -> handlers.add(0, lockyLogoutHandler));
	}

}
