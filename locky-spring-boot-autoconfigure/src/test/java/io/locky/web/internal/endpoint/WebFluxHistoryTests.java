package io.locky.web.internal.endpoint;

import java.util.stream.Stream;

import io.locky.testing.WebInstance;

import org.springframework.boot.WebApplicationType;

class WebFluxHistoryTests extends HistoryContract {

	@Override
	WebInstance start(Class<?>[] sources, String... properties) {
		Class<?>[] all = Stream.concat(Stream.of(sources), Stream.of(Flux.class, TrustingFlux.class))
			.toArray(Class<?>[]::new);
		return WebInstance.start(WebApplicationType.REACTIVE, all, properties);
	}

}
