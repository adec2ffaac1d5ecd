package io.locky.web.internal.endpoint;

import io.locky.testing.WebInstance;

import org.springframework.boot.WebApplicationType;

class WebMvcStreamTests extends StreamContract {

	@Override
	WebInstance startWeb(String... properties) {
		return WebInstance.start(WebApplicationType.SERVLET, new Class<?>[] { Mvc.class, TrustingMvc.class },
				properties);
	}

}
