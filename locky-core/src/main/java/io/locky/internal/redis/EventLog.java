package io.locky.internal.redis;

import org.springframework.util.Assert;

/**
 * The event log as scripts write it. From the log, every instance reads the events of the
 * others.
 *
 * @param origin the name of this instance, unique among all instances, or empty to keep
 * no log
 * @param length about how many events each partition keeps
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
