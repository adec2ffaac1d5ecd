package io.locky.web.internal.endpoint;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockyPeopleAutoConfiguration;
import io.locky.autoconfigure.LockyReactiveAutoConfiguration;
import io.locky.autoconfigure.LockySecurityAutoConfiguration;
import io.locky.autoconfigure.LockyWebFluxAutoConfiguration;
import io.locky.autoconfigure.LockyWebMvcAutoConfiguration;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * A reactive application, without a log-in.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ NettyReactiveWebServerAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
		WebFluxAutoConfiguration.class, ErrorWebFluxAutoConfiguration.class, JacksonAutoConfiguration.class,
		CodecsAutoConfiguration.class, DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
		LockyReactiveAutoConfiguration.class, LockyPeopleAutoConfiguration.class, LockySecurityAutoConfiguration.class,
		LockyWebMvcAutoConfiguration.class, LockyWebFluxAutoConfiguration.class })
class Flux {

	/**
	 * Of its own: an instance that stops would end what all instances of this JVM share.
	 */
	@Bean
	ReactorResourceFactory resources() {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		return resources;
	}

}
