package io.locky.application;

import org.junit.jupiter.api.Nested;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with Spring MVC.
 */
class MvcTests {

	@Nested
	@Row(application = "Spring MVC with Spring Security", driver = "Lettuce")
	class WithLettuce extends WebContract {

		WithLettuce() {
			super(WebApplicationType.SERVLET, Application.class, Applications.LETTUCE);
		}

	}

	@Nested
	@Row(application = "Spring MVC with Spring Security", driver = "Jedis")
	class WithJedis extends WebContract {

		WithJedis() {
			super(WebApplicationType.SERVLET, Application.class, Applications.JEDIS);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableWebSecurity
	@EnableMethodSecurity
	@Import(Articles.class)
	static class Application {

		@Bean
		Desk desk() {
			return new Desk();
		}

		@Bean
		SecurityFilterChain security(HttpSecurity http) throws Exception {
			return http.csrf((csrf) -> csrf.disable())
				.httpBasic(Customizer.withDefaults())
				.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.build();
		}

	}

	@RestController
	static class Articles {

		private final Desk desk;

		Articles(Desk desk) {
			this.desk = desk;
		}

		@GetMapping("/edit")
		String edit(@RequestParam long id) {
			return this.desk.edit(id);
		}

		@GetMapping("/save")
		String save(@RequestParam long id) {
			return this.desk.save(id);
		}

		@GetMapping("/publish")
		String publish(@RequestParam long id) {
			return this.desk.publish(id);
		}

	}

}
