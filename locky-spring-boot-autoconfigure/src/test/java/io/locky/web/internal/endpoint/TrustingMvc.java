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
				? locker(request.getRequest().getHeader("X-User")) : null;
	}

	/** A resolver may return what cannot be a locker. */
	static Object locker(String user) {
		return "OBJECT".equals(user) ? new Object() : user;
	}

}
