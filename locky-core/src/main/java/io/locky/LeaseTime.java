package io.locky;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Checks the length of a lease. An application can check a TTL of its own configuration
 * with it at start-up, before a lock is requested. Redis counts in milliseconds; a lease
 * of more than a year is treated as a mistake in the unit.
 *
 * @since 0.9.0
 */
public final class LeaseTime {

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private static final Duration LONGEST = Duration.ofDays(365);

	private LeaseTime() {
	}

	/**
	 * Requires a length that a lease can have.
	 * @param value the length, from 1 ms to 365 days
	 * @param name the name of the value in the error message, such as that of its
	 * property
	 * @return the length
	 * @throws InvalidSettingException if the length is {@code null} or out of bounds
	 */
	public static Duration require(@Nullable Duration value, String name) {
		if (value == null || value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
			throw new InvalidSettingException(name,
					"must be from 1 millisecond to 365 days, but is %s; leave it unset for the default"
						.formatted(value));
		}
		return value;
	}

}
