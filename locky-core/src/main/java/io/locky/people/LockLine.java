package io.locky.people;

import java.util.List;
import java.util.Optional;

/**
 * The lines of people who wait for locks, one for each resource. A place in a line is a
 * lease: it is kept by {@link #join joining} again in time, and one who leaves without a
 * word costs the others nothing.
 * <p>
 * When the lock is free, the first in the line is offered it for a few seconds. Until
 * then, nobody else can acquire it except by force. Who does not take the offer leaves
 * the line, and the next one is offered the lock.
 * <p>
 * Each method is one atomic round trip to Redis and may be repeated safely. All methods
 * throw an {@link io.locky.InvalidLockValueException} for a resource or locker that
 * cannot be a name, and a {@link org.springframework.dao.DataAccessException} if Redis
 * does not answer.
 *
 * @since 0.9.0
 */
public interface LockLine {

	/**
	 * Joins the line, or keeps a place in it: its lease begins again, the place stays the
	 * same. It may also be joined while the lock is free.
	 * @param resource the resource to wait for
	 * @param locker the locker that waits
	 * @return the place of the locker
	 * @throws LineFullException if too many wait already
	 */
	LinePlace join(Object resource, Object locker);

	/**
	 * Keeps a place as {@link #join} does, but does not join.
	 * @param resource the resource that is waited for
	 * @param locker the locker that waits
	 * @return the place, or empty if the locker is not in the line, because its lease or
	 * its offer has ended or it holds the lock now
	 */
	Optional<LinePlace> refresh(Object resource, Object locker);

	/**
	 * Leaves the line. An offer passes to the next one.
	 * @param resource the resource that was waited for
	 * @param locker the locker that waits no longer
	 * @return whether it was in the line
	 */
	boolean leave(Object resource, Object locker);

	/**
	 * Who is in the line.
	 * @param resource the resource
	 * @return the places in their order
	 */
	List<LinePlace> places(Object resource);

}
