package io.locky.comparison;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The lengths of leases, of which each is clearly shorter or longer than a pause.
 *
 * @param unit their unit: the slower the machine, the longer
 */
record Leases(Duration unit) {

	static final Duration LONG = Duration.ofMinutes(10);

	static final Duration LONGER = Duration.ofMinutes(20);

	/** Over after a pause. */
	Duration shorter() {
		return this.unit.multipliedBy(6);
	}

	Duration pause() {
		return this.unit.multipliedBy(12);
	}

	/** Over after two pauses. */
	Duration medium() {
		return this.unit.multipliedBy(19);
	}

	String kind(@Nullable Duration rest) {
		if (rest == null) {
			return "endless";
		}
		if (rest.compareTo(medium()) > 0) {
			return rest.plusSeconds(59).toMinutes() + "m";
		}
		// After a pause, a medium one has 7 units left.
		return (rest.compareTo(this.unit.multipliedBy(8)) <= 0) ? "short" : "medium";
	}

}
