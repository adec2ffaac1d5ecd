package io.locky.web.internal.endpoint;

import io.locky.ReactiveLockerResolver;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;

/**
 * Makes a reactive application trust a header that names the user.
 */
@Configuration(proxyBeanMethods = false)
class TrustingFlux {

	@Bean
	ReactiveLockerResolver lockers() {
		return () -> Mono.deferContextual((context) -> Mono.justOrEmpty(context.getOrEmpty("user")));
	}

	@Bean
	WebFilter users() {
		return (exchange, chain) -> {
			String user = exchange.getRequest().getHeaders().getFirst("X-User");
			return chain.filter(exchange)
				.contextWrite((context) -> (user != null) ? context.put("user", TrustingMvc.locker(user)) : context);
		};
	}

}
