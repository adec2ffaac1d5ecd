package io.locky.web.internal.endpoint;

import io.locky.LockerResolver;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Makes a servlet application trust a header that names the user.
 */
@Configuration(proxyBeanMethods = false)
class TrustingMvc {

	@Bean
	LockerResolver lockers() {
		return () -> (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request)
				? request.getRequest().getHeader("X-User") : null;
	}

}
