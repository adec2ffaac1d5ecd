package io.locky.observation;

import java.util.Locale;

import io.locky.observation.LockyObservationDocumentation.HighCardinalityKeys;
import io.locky.observation.LockyObservationDocumentation.LowCardinalityKeys;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * The names and keys of {@link LockyObservationDocumentation}. The names of resources are
 * included only where the application wants that.
 *
 * @since 0.9.0
 */
public class DefaultLockyObservationConvention implements LockyObservationConvention {

	/**
	 * Creates the convention.
	 */
	public DefaultLockyObservationConvention() {
	}

	/**
	 * The name of the observation is that of its kind.
	 * @return {@code null}
	 */
	@Override
	public @Nullable String getName() {
		return null;
	}

	@Override
	public @Nullable String getContextualName(LockyObservationContext context) {
		return context.getKind().getName().replace('.', ' ') + " " + context.getOperation();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(LockyObservationContext context) {
		return KeyValues.of(LowCardinalityKeys.OPERATION.withValue(context.getOperation()),
				LowCardinalityKeys.OUTCOME.withValue(context.getOutcome().name().toLowerCase(Locale.ROOT)));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(LockyObservationContext context) {
		if (!context.includesResource() || context.getResources().isEmpty()) {
			return KeyValues.empty();
		}
		return KeyValues.of(HighCardinalityKeys.RESOURCE.withValue(String.join(",", context.getResources())));
	}

}
