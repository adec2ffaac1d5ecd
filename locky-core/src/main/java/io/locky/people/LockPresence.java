package io.locky.people;

import java.util.List;

/**
 * Who is looking at a resource, beside who holds its lock. A presence is a lease of 30
 * seconds: a page that is open enters again every 10 seconds.
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
	 * Enters, or stays, or changes the state.
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
	 * @return whether it was there
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
