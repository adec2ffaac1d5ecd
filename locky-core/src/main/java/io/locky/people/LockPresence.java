package io.locky.people;

import java.util.List;

/**
 * Who is looking at a resource, beside who holds its lock. A presence is a lease of 30
 * seconds: a page that is open enters again every 10 seconds.
 * <p>
 * A {@link io.locky.event.PresenceChangedEvent PresenceChangedEvent} is published when
 * what others see of a person changes. A lease that ends is noticed, and published, by
 * the next call for that resource, from whatever page; if there is none, it is not
 * published. So remove a person from a list that is shown when
 * {@link Presence#expiresIn()} has passed.
 * <p>
 * A resource shows at most 200 pages, and a person has at most 10 of them. Somebody who
 * enters a full resource sees the others, and is not among them.
 * <p>
 * Each method is one round trip to Redis and may be repeated safely. All methods throw an
 * {@link io.locky.InvalidLockValueException} for a resource or person that cannot be a
 * name, and a {@link org.springframework.dao.DataAccessException} if Redis does not
 * answer.
 *
 * @since 0.9.0
 */
public interface LockPresence {

	/**
	 * Enters, or stays, or changes the state. Less than 10 seconds after the last time
	 * and in the same state, it only returns who is there.
	 * @param resource the resource that is looked at
	 * @param person the locker that looks at it
	 * @param page an id of the page, or empty: a person may have several pages open, and
	 * is shown once, with the most active state of them
	 * @param state what the person does
	 * @return all who are there, those who edit first
	 */
	List<Presence> enter(Object resource, Object person, String page, PresenceState state);

	/**
	 * Leaves.
	 * @param resource the resource that was looked at
	 * @param person the locker
	 * @param page the id of the page, or empty
	 * @return whether it was there; also true if that is unknown, because an answer of
	 * Redis got lost
	 */
	boolean leave(Object resource, Object person, String page);

	/**
	 * Who is there.
	 * @param resource the resource
	 * @return those who edit first, then those who wait, then those who only look; each
	 * group in the order in which they came
	 */
	List<Presence> present(Object resource);

}
