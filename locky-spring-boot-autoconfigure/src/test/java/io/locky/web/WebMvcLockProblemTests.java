package io.locky.web;

import java.util.stream.Stream;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockyWebFluxAutoConfiguration;
import io.locky.autoconfigure.LockyWebMvcAutoConfiguration;
import io.locky.testing.WebInstance;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;

class WebMvcLockProblemTests extends LockProblemContract {

	@Override
	WebInstance start(Class<?>[] sources, String... properties) {
		Class<?>[] all = Stream.concat(Stream.of(sources), Stream.of(Mvc.class)).toArray(Class<?>[]::new);
		return WebInstance.start(WebApplicationType.SERVLET, all, properties);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class, ErrorMvcAutoConfiguration.class, JacksonAutoConfiguration.class,
			HttpMessageConvertersAutoConfiguration.class, DataRedisAutoConfiguration.class,
			LockyAutoConfiguration.class, LockyWebMvcAutoConfiguration.class, LockyWebFluxAutoConfiguration.class })
	static class Mvc {

	}

}
