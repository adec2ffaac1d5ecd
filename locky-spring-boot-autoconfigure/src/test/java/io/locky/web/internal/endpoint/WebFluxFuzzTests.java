package io.locky.web.internal.endpoint;

import io.locky.testing.WebInstance;

import org.springframework.boot.WebApplicationType;

class WebFluxFuzzTests extends FuzzContract {

	@Override
	WebInstance start(String... properties) {
		return WebInstance.start(WebApplicationType.REACTIVE, new Class<?>[] { Flux.class, TrustingFlux.class },
				properties);
	}

}
