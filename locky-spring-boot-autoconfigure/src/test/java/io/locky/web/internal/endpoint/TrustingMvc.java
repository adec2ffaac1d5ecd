package io.locky.web.internal.endpoint;

import io.locky.LockerResolver;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Believes in a servlet application who says who he is.
 */
@Configuration(proxyBeanMethods = false)
class TrustingMvc {

	@Bean
	LockerResolver lockers() {
		return () -> (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request)
				? request.getRequest().getHeader("X-User") : null;
	}

}
