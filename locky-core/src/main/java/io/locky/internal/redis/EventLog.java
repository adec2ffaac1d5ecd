package io.locky.internal.redis;

import org.springframework.util.Assert;

/**
 * How scripts keep the log of events, by which every instance learns what the others did.
 *
 * @param origin the name of this instance, unique in the fleet, or empty to keep no log
 * @param length about how many events each partition keeps
 * @since 0.1.0
 */
public record EventLog(String origin, int length) {

	/** No log is kept. */
	public static final EventLog NONE = new EventLog("", 1);

	/**
	 * Checks the values.
	 */
	public EventLog {
		Assert.notNull(origin, "'origin' must not be null");
		Assert.isTrue(length > 0, "'length' must be positive");
	}

	/**
	 * Whether a log is kept.
	 * @return whether scripts write events
	 */
	public boolean isKept() {
		return !this.origin.isEmpty();
	}

}
