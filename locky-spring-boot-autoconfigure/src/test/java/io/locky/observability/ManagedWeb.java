package io.locky.observability;

import java.io.IOException;
import java.security.Principal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.autoconfigure.actuate.LockyEndpointAutoConfiguration;
import io.locky.autoconfigure.actuate.LockyHealthAutoConfiguration;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.actuate.endpoint.web.WebMvcHealthEndpointExtensionAutoConfiguration;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Adds the Actuator to a servlet application, in which a header names the user.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
		JacksonEndpointAutoConfiguration.class, ManagementContextAutoConfiguration.class,
		HealthContributorRegistryAutoConfiguration.class, HealthContributorAutoConfiguration.class,
		HealthEndpointAutoConfiguration.class, WebMvcHealthEndpointExtensionAutoConfiguration.class,
		LockyEndpointAutoConfiguration.class, LockyHealthAutoConfiguration.class })
class ManagedWeb {

	@Bean
	Filter users() {
		return new OncePerRequestFilter() {
			@Override
			protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
					throws ServletException, IOException {
				String user = request.getHeader("X-User");
				chain.doFilter((user != null) ? new HttpServletRequestWrapper(request) {
					@Override
					public Principal getUserPrincipal() {
						return () -> user;
					}
				} : request, response);
			}
		};
	}

	@Bean
	Events events() {
		return new Events();
	}

	static class Events {

		private final List<ApplicationEvent> published = new CopyOnWriteArrayList<>();

		@EventListener
		void on(ApplicationEvent event) {
			this.published.add(event);
		}

		<T> List<T> of(Class<T> type) {
			return this.published.stream().filter(type::isInstance).map(type::cast).toList();
		}

	}

}
