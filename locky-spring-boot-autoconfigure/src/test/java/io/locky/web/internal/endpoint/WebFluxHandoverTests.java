package io.locky.web.internal.endpoint;

import io.locky.testing.WebInstance;

import org.springframework.boot.WebApplicationType;

class WebFluxHandoverTests extends HandoverContract {

	@Override
	WebInstance start(String... properties) {
		return WebInstance.start(WebApplicationType.REACTIVE,
				new Class<?>[] { Flux.class, TrustingFlux.class, Policies.class }, properties);
	}

}
