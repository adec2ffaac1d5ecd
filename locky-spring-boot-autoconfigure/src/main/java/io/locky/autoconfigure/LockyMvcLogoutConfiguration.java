package io.locky.autoconfigure;

import java.time.Duration;

import io.locky.web.internal.endpoint.LockSessions;
import jakarta.servlet.http.HttpSession;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.LogoutConfigurer;
import org.springframework.security.web.authentication.logout.LogoutHandler;

/**
 * Ends what belongs to a session at a logout of Spring Security in Spring MVC, also if
 * the logout keeps the session. The beans are no candidates for injection by type: an
 * application may have handlers of its own.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ LogoutHandler.class, LogoutConfigurer.class })
@ConditionalOnBean(LockSessions.class)
class LockyMvcLogoutConfiguration {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

	@Bean(defaultCandidate = false)
	LogoutHandler lockyLogoutHandler(LockSessions sessions) {
		return (request, response, authentication) -> {
			HttpSession session = request.getSession(false);
			if (session != null) {
				sessions.end(session.getId(), session.getAttribute(LockSessions.ATTRIBUTE), LONGEST_WAIT);
				session.removeAttribute(LockSessions.ATTRIBUTE);
			}
		};
	}

	/** Spring Security applies it from version 7 on. */
	@Bean
	Customizer<LogoutConfigurer<HttpSecurity>> lockyLogout(
			@Qualifier("lockyLogoutHandler") LogoutHandler lockyLogoutHandler) {
		return (logout) -> logout.addLogoutHandler(lockyLogoutHandler);
	}

}
