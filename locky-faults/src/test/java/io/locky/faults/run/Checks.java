package io.locky.faults.run;

import io.locky.faults.check.Assumptions;

/**
 * Assumptions for runs that are not like most.
 */
final class Checks {

	private Checks() {
	}

	/**
	 * Without the events of others.
	 * @param fleet the applications
	 * @return the assumptions
	 */
	static Assumptions alone(Fleet fleet) {
		return Assumptions.none().withWaiters().withSettled().withDied(fleet.killed()).withTolerance(20);
	}

}
