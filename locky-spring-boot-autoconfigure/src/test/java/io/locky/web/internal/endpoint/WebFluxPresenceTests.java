package io.locky.web.internal.endpoint;

import java.util.stream.Stream;

import io.locky.autoconfigure.LockyPeopleAutoConfiguration;
import io.locky.testing.WebInstance;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

class WebFluxPresenceTests extends PresenceContract {

	@Override
	WebInstance startWeb(Class<?>[] sources, String... properties) {
		Class<?>[] all = Stream.concat(Stream.of(sources), Stream.of(Flux.class, TrustingFlux.class, People.class))
			.toArray(Class<?>[]::new);
		return WebInstance.start(WebApplicationType.REACTIVE, all, properties);
	}

	@ImportAutoConfiguration(LockyPeopleAutoConfiguration.class)
	static class People {

	}

}
