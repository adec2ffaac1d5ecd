package io.locky.application;

import org.junit.jupiter.api.Nested;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableReactiveMethodSecurity;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with Spring WebFlux.
 */
class WebFluxTests {

	@Nested
	@Row(application = "Spring WebFlux with Spring Security", driver = "Lettuce")
	class WithLettuce extends WebContract {

		WithLettuce() {
			super(WebApplicationType.REACTIVE, Application.class, Applications.LETTUCE);
		}

	}

	@Nested
	@Row(application = "Spring WebFlux with Spring Security", driver = "Jedis")
	class WithJedis extends WebContract {

		WithJedis() {
			super(WebApplicationType.REACTIVE, Application.class, Applications.JEDIS);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableWebFluxSecurity
	@EnableReactiveMethodSecurity
	@Import(Articles.class)
	static class Application {

		@Bean
		ReactiveDesk desk() {
			return new ReactiveDesk();
		}

		@Bean
		SecurityWebFilterChain security(ServerHttpSecurity http) {
			return http.csrf((csrf) -> csrf.disable())
				.httpBasic(Customizer.withDefaults())
				.authorizeExchange((requests) -> requests.anyExchange().authenticated())
				.build();
		}

	}

	@RestController
	static class Articles {

		private final ReactiveDesk desk;

		Articles(ReactiveDesk desk) {
			this.desk = desk;
		}

		@GetMapping("/edit")
		Mono<String> edit(@RequestParam long id) {
			return this.desk.edit(id);
		}

		@GetMapping("/save")
		Mono<String> save(@RequestParam long id) {
			return this.desk.save(id);
		}

		@GetMapping("/publish")
		Mono<String> publish(@RequestParam long id) {
			return this.desk.publish(id);
		}

	}

}
