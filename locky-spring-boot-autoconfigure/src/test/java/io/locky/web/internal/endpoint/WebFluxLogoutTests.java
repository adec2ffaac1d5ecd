package io.locky.web.internal.endpoint;

import io.locky.testing.WebInstance;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;

class WebFluxLogoutTests extends LogoutContract {

	@Override
	WebInstance start(String... properties) {
		return WebInstance.start(WebApplicationType.REACTIVE,
				new Class<?>[] { Flux.class, Secured.class, Revocable.class }, properties);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebFluxSecurity
	static class Secured {

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated())
				.formLogin(Customizer.withDefaults())
				.csrf(ServerHttpSecurity.CsrfSpec::disable)
				.build();
		}

		@Bean
		MapReactiveUserDetailsService users() {
			return new MapReactiveUserDetailsService(
					User.withUsername("ann").password("{noop}secret").authorities("EDITOR").build());
		}

	}

}
