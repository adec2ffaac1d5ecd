package io.locky;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The bounds of a lease. Redis counts in milliseconds; a lease of more than a year is
 * taken for a mistake in the unit.
 *
 * @since 0.1.0
 */
public final class LeaseTime {

	private static final Duration SHORTEST = Duration.ofMillis(1);

	private static final Duration LONGEST = Duration.ofDays(365);

	private LeaseTime() {
	}

	/**
	 * Checks the length of a lease.
	 * @param value the length
	 * @param what what to call it in an error
	 * @return the length
	 * @throws IllegalArgumentException if it is {@code null}, below 1 ms or above 365
	 * days
	 */
	public static Duration require(@Nullable Duration value, String what) {
		if (value == null || value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(
					"'%s' must be from 1 millisecond to 365 days, but is %s; ".formatted(what, value)
							+ "leave it unset for the default");
		}
		return value;
	}

}
