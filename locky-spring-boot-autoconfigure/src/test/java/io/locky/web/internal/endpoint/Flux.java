package io.locky.web.internal.endpoint;

import io.locky.ReactiveLockyOperations;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockyPeopleAutoConfiguration;
import io.locky.autoconfigure.LockySecurityAutoConfiguration;
import io.locky.autoconfigure.LockyWebFluxAutoConfiguration;
import io.locky.autoconfigure.LockyWebMvcAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.core.ReactiveLockyTemplate;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * A reactive application, without a log-in.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ NettyReactiveWebServerAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
		WebFluxAutoConfiguration.class, ErrorWebFluxAutoConfiguration.class, JacksonAutoConfiguration.class,
		CodecsAutoConfiguration.class, DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
		LockyPeopleAutoConfiguration.class, LockySecurityAutoConfiguration.class, LockyWebMvcAutoConfiguration.class,
		LockyWebFluxAutoConfiguration.class })
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

	@Bean
	@ConditionalOnMissingBean
	ReactiveLockyOperations reactiveLocks(ReactiveRedisConnectionFactory connections, LockyTemplate locks) {
		return new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(connections), locks);
	}

}
