package io.locky.sample;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.util.matcher.OrRequestMatcher;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.pathPattern;

/**
 * Three reporters and a chief, who log in with a click. They are made up, and so is the
 * password that the login page sends for them.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

	@Bean
	UserDetailsService people() {
		return new InMemoryUserDetailsManager(person("Ines", "REPORTER"), person("Tom", "REPORTER"),
				person("Yuki", "REPORTER"), person("Vera", "CHIEF"));
	}

	private static UserDetails person(String name, String role) {
		return User.withUsername(name).password("{noop}newsroom").roles(role).build();
	}

	/** For tools, which have no session: with the password in each request. */
	@Bean
	@Order(1)
	SecurityFilterChain management(HttpSecurity http) {
		return http.securityMatcher("/actuator/**")
			.authorizeHttpRequests((
					requests) -> requests.requestMatchers("/actuator/health").permitAll().anyRequest().hasRole("CHIEF"))
			.httpBasic(Customizer.withDefaults())
			.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf((csrf) -> csrf.disable())
			.build();
	}

	@Bean
	SecurityFilterChain security(HttpSecurity http) {
		return http
			.authorizeHttpRequests((requests) -> requests.requestMatchers("/login.html", "/assets/**", "/favicon.ico")
				.permitAll()
				.anyRequest()
				.authenticated())
			.formLogin((form) -> form.loginPage("/login.html").loginProcessingUrl("/login"))
			.requestCache((returning) -> returning.requestCache(pages()))
			.logout((logout) -> logout.logoutSuccessUrl("/login.html"))
			.exceptionHandling((answers) -> answers.defaultAuthenticationEntryPointFor(
					new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED),
					new OrRequestMatcher(pathPattern("/api/**"), pathPattern("/locky/**"))))
			.csrf((csrf) -> csrf.csrfTokenRepository(csrfTokens()).csrfTokenRequestHandler(plainTokens()))
			.headers((headers) -> headers.contentSecurityPolicy((policy) -> policy.policyDirectives(
					"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'")))
			.build();
	}

	/** After the log-in, a user returns to the page that was asked for. */
	private static HttpSessionRequestCache pages() {
		HttpSessionRequestCache pages = new HttpSessionRequestCache();
		pages.setRequestMatcher(new OrRequestMatcher(pathPattern(HttpMethod.GET, "/article.html"),
				pathPattern(HttpMethod.GET, "/articles/**")));
		return pages;
	}

	private static CookieCsrfTokenRepository csrfTokens() {
		CookieCsrfTokenRepository tokens = CookieCsrfTokenRepository.withHttpOnlyFalse();
		tokens.setCookieCustomizer((cookie) -> cookie.sameSite("Lax"));
		return tokens;
	}

	/** Sets the cookie with the CSRF token on every response: the page reads it there. */
	private static CsrfTokenRequestAttributeHandler plainTokens() {
		CsrfTokenRequestAttributeHandler handler = new CsrfTokenRequestAttributeHandler();
		handler.setCsrfRequestAttributeName(null);
		return handler;
	}

}
