package io.locky.web.internal.endpoint;

import io.locky.autoconfigure.LockyObservationAutoConfiguration;
import io.locky.testing.WebInstance;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The observations of requests, in both stacks.
 */
class ObservedRequestTests {

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void operationsOfRequestsAreObserved(WebApplicationType type) {
		Class<?>[] sources = (type == WebApplicationType.SERVLET)
				? new Class<?>[] { Mvc.class, TrustingMvc.class, Observed.class }
				: new Class<?>[] { Flux.class, TrustingFlux.class, Observed.class };
		try (WebInstance web = WebInstance.start(type, sources, "locky.web.enabled=true",
				"locky.web.resources=article:", "locky.startup-check.enabled=false",
				"locky.expiration.enabled=false")) {
			assertThat(LockClient.of(web, "ann").acquire("article:1").statusCode()).isEqualTo(200);
			assertThat(LockClient.of(web, "bob").acquire("article:1").statusCode()).isEqualTo(423);
			TestObservationRegistryAssert.assertThat(web.bean(TestObservationRegistry.class))
				.hasAnObservation((found) -> found.hasNameEqualTo("locky.http")
					.hasLowCardinalityKeyValue("locky.operation", "tryLock")
					.hasLowCardinalityKeyValue("locky.outcome", "granted"))
				.hasAnObservation((found) -> found.hasNameEqualTo("locky.http")
					.hasLowCardinalityKeyValue("locky.operation", "tryLock")
					.hasLowCardinalityKeyValue("locky.outcome", "denied"));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(LockyObservationAutoConfiguration.class)
	static class Observed {

		@Bean
		TestObservationRegistry observations() {
			return TestObservationRegistry.create();
		}

	}

}
