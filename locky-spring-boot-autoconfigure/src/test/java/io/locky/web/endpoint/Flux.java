package io.locky.web.endpoint;

import io.locky.ReactiveLockerResolver;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockySecurityAutoConfiguration;
import io.locky.autoconfigure.LockyWebFluxAutoConfiguration;
import io.locky.autoconfigure.LockyWebMvcAutoConfiguration;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;

/**
 * A reactive application, without a log-in.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ TomcatReactiveWebServerAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
		WebFluxAutoConfiguration.class, ErrorWebFluxAutoConfiguration.class, JacksonAutoConfiguration.class,
		CodecsAutoConfiguration.class, DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
		LockySecurityAutoConfiguration.class, LockyWebMvcAutoConfiguration.class, LockyWebFluxAutoConfiguration.class })
class Flux {

	/**
	 * Believes who says who he is.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Trusting {

		@Bean
		ReactiveLockerResolver lockers() {
			return () -> Mono.deferContextual((context) -> Mono.justOrEmpty(context.getOrEmpty("user")));
		}

		@Bean
		WebFilter users() {
			return (exchange, chain) -> {
				String user = exchange.getRequest().getHeaders().getFirst("X-User");
				return chain.filter(exchange)
					.contextWrite((context) -> (user != null) ? context.put("user", user) : context);
			};
		}

	}

}
