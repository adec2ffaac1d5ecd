package io.locky.internal.people;

import java.time.Duration;

import io.locky.people.LinePlace;

/**
 * The line of people, for requests that wait in it too.
 */
public interface FairLine {

	/**
	 * Joins, or keeps a place.
	 * @param resource the name of the resource
	 * @param locker the locker that waits
	 * @param waiter the waiter, which gets a message when it is its turn
	 * @return the place
	 */
	LinePlace join(String resource, String locker, String waiter);

	/**
	 * Leaves soon, on another thread. If that fails, the lease of the place ends.
	 * @param resource the name of the resource
	 * @param locker the locker that waits no longer
	 * @param waiter the waiter, which must be the last one that kept the place
	 */
	void leaveLater(String resource, String locker, String waiter);

	/**
	 * How often a place must be kept. An offer whose message got lost is noticed in time,
	 * too.
	 * @return a third of the lease, or of an offer if that is shorter
	 */
	Duration interval();

}
