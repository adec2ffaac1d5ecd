package io.locky.internal.lock;

import io.locky.metrics.LockyMetrics;
import io.locky.observation.DefaultLockyObservationConvention;
import io.locky.observation.LockyObservations;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a request costs that nobody measures.
 */
class RequestMeasurementsTests {

	@Test
	void requestWithoutMetersCreatesNothingAndReadsNoClock() {
		RequestMeasurements measurements = new RequestMeasurements(LockyMetrics.NONE, LockyObservations.NONE, () -> {
			throw new AssertionError("The clock was read");
		});
		assertThat(measurements.begin("x")).isSameAs(measurements.begin("y"));
		measurements.begin("x").waits();
		measurements.begin("x").ended(LockyMetrics.Outcome.DENIED);
	}

	@Test
	void registryWithoutHandlersObservesNothing() {
		RequestMeasurements measurements = new RequestMeasurements(LockyMetrics.NONE,
				new LockyObservations(ObservationRegistry.create(), new DefaultLockyObservationConvention(), false),
				() -> {
					throw new AssertionError("The clock was read");
				});
		assertThat(measurements.begin("x")).isSameAs(measurements.begin("y"));
	}

}
