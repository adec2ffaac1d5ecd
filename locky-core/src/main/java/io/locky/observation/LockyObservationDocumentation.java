package io.locky.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of Locky.
 *
 * @since 0.9.0
 */
public enum LockyObservationDocumentation implements ObservationDocumentation {

	/**
	 * A call of a method with {@code @Locked}, from the request for its locks to their
	 * release.
	 */
	LOCKED("locky.locked"),

	/**
	 * The wait for a lock that is held, from the first refused attempt on.
	 */
	WAIT("locky.wait"),

	/**
	 * An operation on locks over HTTP.
	 */
	HTTP("locky.http");

	private final String name;

	LockyObservationDocumentation(String name) {
		this.name = name;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
		return DefaultLockyObservationConvention.class;
	}

	@Override
	public KeyName[] getLowCardinalityKeyNames() {
		return LowCardinalityKeys.values();
	}

	@Override
	public KeyName[] getHighCardinalityKeyNames() {
		return HighCardinalityKeys.values();
	}

	/**
	 * Keys with few values.
	 */
	public enum LowCardinalityKeys implements KeyName {

		/**
		 * What is observed: the class and the name of a {@code @Locked} method, the name
		 * of an operation over HTTP, or {@code acquire} for a wait.
		 */
		OPERATION("locky.operation"),

		/**
		 * How it ended: {@code granted}, {@code denied}, {@code cancelled} or
		 * {@code failed}; an operation over HTTP that does not acquire a lock is
		 * {@code done}.
		 */
		OUTCOME("locky.outcome");

		private final String key;

		LowCardinalityKeys(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * Keys with any number of values.
	 */
	public enum HighCardinalityKeys implements KeyName {

		/**
		 * The names of the resources, only where they are to be included.
		 */
		RESOURCE("locky.resource");

		private final String key;

		HighCardinalityKeys(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
