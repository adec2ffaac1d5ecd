package io.locky.web.internal.endpoint;

import io.locky.testing.WebInstance;

import org.springframework.boot.WebApplicationType;

class WebFluxStreamTests extends StreamContract {

	@Override
	WebInstance startWeb(String... properties) {
		return WebInstance.start(WebApplicationType.REACTIVE, new Class<?>[] { Flux.class, TrustingFlux.class },
				properties);
	}

}
