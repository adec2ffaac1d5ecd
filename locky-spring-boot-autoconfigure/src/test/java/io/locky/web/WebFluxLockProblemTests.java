package io.locky.web;

import java.util.stream.Stream;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockyWebFluxAutoConfiguration;
import io.locky.autoconfigure.LockyWebMvcAutoConfiguration;
import io.locky.testing.WebInstance;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.annotation.Configuration;

class WebFluxLockProblemTests extends LockProblemContract {

	@Override
	WebInstance start(Class<?>[] sources, String... properties) {
		Class<?>[] all = Stream.concat(Stream.of(sources), Stream.of(Flux.class)).toArray(Class<?>[]::new);
		return WebInstance.start(WebApplicationType.REACTIVE, all, properties);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ TomcatReactiveWebServerAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
			WebFluxAutoConfiguration.class, ErrorWebFluxAutoConfiguration.class, JacksonAutoConfiguration.class,
			CodecsAutoConfiguration.class, DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
			LockyWebMvcAutoConfiguration.class, LockyWebFluxAutoConfiguration.class })
	static class Flux {

	}

}
