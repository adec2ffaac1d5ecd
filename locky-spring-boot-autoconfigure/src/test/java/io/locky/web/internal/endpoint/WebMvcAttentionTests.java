package io.locky.web.internal.endpoint;

import java.util.stream.Stream;

import io.locky.testing.WebInstance;

import org.springframework.boot.WebApplicationType;

class WebMvcAttentionTests extends AttentionContract {

	@Override
	WebInstance start(Class<?>[] sources, String... properties) {
		Class<?>[] all = Stream.concat(Stream.of(sources), Stream.of(Mvc.class, TrustingMvc.class))
			.toArray(Class<?>[]::new);
		return WebInstance.start(WebApplicationType.SERVLET, all, properties);
	}

}
