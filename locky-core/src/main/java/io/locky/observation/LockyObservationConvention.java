package io.locky.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of Locky and chooses their keys. A bean of this type replaces
 * the {@linkplain DefaultLockyObservationConvention default}, which may also be extended.
 *
 * @since 0.9.0
 */
public interface LockyObservationConvention extends ObservationConvention<LockyObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof LockyObservationContext;
	}

}
