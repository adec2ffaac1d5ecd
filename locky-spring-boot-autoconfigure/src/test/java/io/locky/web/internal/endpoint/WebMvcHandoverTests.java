package io.locky.web.internal.endpoint;

import io.locky.testing.WebInstance;

import org.springframework.boot.WebApplicationType;

class WebMvcHandoverTests extends HandoverContract {

	@Override
	WebInstance start(String... properties) {
		return WebInstance.start(WebApplicationType.SERVLET,
				new Class<?>[] { Mvc.class, TrustingMvc.class, Policies.class }, properties);
	}

}
