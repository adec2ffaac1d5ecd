package io.locky.web.internal.endpoint;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockyPeopleAutoConfiguration;
import io.locky.autoconfigure.LockySecurityAutoConfiguration;
import io.locky.autoconfigure.LockyWebFluxAutoConfiguration;
import io.locky.autoconfigure.LockyWebMvcAutoConfiguration;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * A servlet application, without a log-in.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
		WebMvcAutoConfiguration.class, ErrorMvcAutoConfiguration.class, JacksonAutoConfiguration.class,
		HttpMessageConvertersAutoConfiguration.class, DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
		LockyPeopleAutoConfiguration.class, LockySecurityAutoConfiguration.class, LockyWebMvcAutoConfiguration.class,
		LockyWebFluxAutoConfiguration.class })
class Mvc {

}
