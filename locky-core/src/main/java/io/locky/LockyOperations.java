package io.locky;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What can be done with locks. A resource is what is locked, a locker is who holds it:
 * both are given as text, number, {@link java.util.UUID} or enum constant, of at most 512
 * characters, none of them a control character.
 * <p>
 * Unless it says otherwise, a method is one atomic round trip to Redis. All of them throw
 * {@link IllegalArgumentException} for a resource or locker that cannot be a name, and a
 * {@link org.springframework.dao.DataAccessException} when Redis does not answer: an
 * unknown state is never reported as held or free.
 *
 * @since 0.1.0
 */
public interface LockyOperations {

	/**
	 * Takes a lock for the configured ttl.
	 * @param resource what to lock
	 * @param locker who will hold it
	 * @return true if it was free; false if anybody holds it, this locker too, and then
	 * nothing changed
	 */
	boolean lock(Object resource, Object locker);

	/**
	 * Takes a lock as the request says.
	 * @param request what to lock, for whom, and how
	 * @return whether it was granted
	 * @throws IllegalArgumentException if the request asks to be
	 * {@linkplain LockRequest#autoRenew() renewed}: without a handle nobody could end
	 * that
	 */
	boolean lock(LockRequest request);

	/**
	 * Takes a lock as the request says, and returns a handle of the grant, or who is in
	 * the way.
	 * @param request what to lock, for whom, and how
	 * @return {@link LockAttempt.Acquired} or {@link LockAttempt.Denied}; denied too if
	 * the thread is interrupted while it waits, its interrupt flag set
	 * @throws IllegalArgumentException if the request asks to be renewed, and there is no
	 * ttl to renew
	 */
	LockAttempt tryLock(LockRequest request);

	/**
	 * Takes several locks for the configured ttl: all of them or none. In one partition
	 * (always, outside of Redis Cluster) that is one atomic step; over several partitions
	 * they are taken in a fixed order, and given back if one of them is held.
	 * @param resources what to lock, from 1 to 1000 resources
	 * @param locker who will hold them
	 * @return true if all were free; if not, nothing is held for long
	 */
	boolean lockAll(Collection<?> resources, Object locker);

	/**
	 * Starts the ttl of a lock anew, with the length that it was taken with. A lock
	 * without a ttl stays as it is.
	 * @param resource what is locked
	 * @return whether it is held, by anybody
	 */
	boolean refresh(Object resource);

	/**
	 * Starts the ttl of a locker's lock anew, with the length that it was taken with.
	 * @param resource what is locked
	 * @param locker who must hold it
	 * @return whether that locker holds it; if not, nothing changed
	 */
	boolean refresh(Object resource, Object locker);

	/**
	 * Resets the TTL of that very grant, to the length that it was acquired with. For a
	 * controller that goes on with a grant of an earlier request.
	 * @param resource what is locked
	 * @param locker who must hold it
	 * @param fence the fence of the grant
	 * @return whether that grant still holds the lock; if not, nothing changed
	 */
	default boolean refresh(Object resource, Object locker, long fence) {
		return tryRefresh(resource, locker, fence).held();
	}

	/**
	 * Resets the TTL of that very grant, as {@link #refresh(Object, Object, long)
	 * refresh} does, and returns the rest of the lease.
	 * @param resource what is locked
	 * @param locker who must hold it
	 * @param fence the fence of the grant
	 * @return whether that grant still holds the lock, and for how long
	 */
	LockRefresh tryRefresh(Object resource, Object locker, long fence);

	/**
	 * Gives a lock back, whoever holds it.
	 * @param resource what is locked
	 * @return true if it was held and is free now; false if it was free
	 */
	boolean unlock(Object resource);

	/**
	 * Gives a locker's lock back.
	 * @param resource what is locked
	 * @param locker who must hold it
	 * @return true if that locker held it and it is free now; if not, nothing changed
	 */
	boolean unlock(Object resource, Object locker);

	/**
	 * Releases the lock of that very grant. A grant that has ended cannot affect the next
	 * holder.
	 * @param resource what is locked
	 * @param locker who must hold it
	 * @param fence the fence of the grant
	 * @return true if that grant held the lock and it is free now; if not, nothing
	 * changed
	 */
	boolean unlock(Object resource, Object locker, long fence);

	/**
	 * Gives back all locks of a locker, for example at the log-out. Looks through all
	 * locks, in portions that do not block Redis; a lock that the locker takes meanwhile
	 * may be kept.
	 * @param locker who holds them
	 * @return how many were given back
	 */
	int unlockAll(Object locker);

	/**
	 * Asks who holds a lock.
	 * @param resource what may be locked
	 * @return the locker, or {@code null} if it is free
	 */
	@Nullable String getLocker(Object resource);

	/**
	 * Asks for all that is known of a lock.
	 * @param resource what may be locked
	 * @return the lock, or empty if it is free
	 */
	Optional<LockInfo> find(Object resource);

	/**
	 * Asks for all that is known of several locks, in one round trip for up to 500 of
	 * them.
	 * @param resources what may be locked
	 * @return the locks that are held, by their resources, in the order of the question
	 */
	Map<String, LockInfo> findAll(Collection<?> resources);

	/**
	 * Lists locks page by page, two or more round trips each. Locks that another client
	 * wrote are not in the list.
	 * @param query which locks
	 * @return a page
	 */
	LockPage list(LockQuery query);

}
