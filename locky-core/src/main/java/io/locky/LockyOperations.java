package io.locky;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The operations on locks. A locker holds the lock of a resource. Both are named by text,
 * a number, a {@link java.util.UUID} or an enum constant, of at most 512 characters,
 * without control characters.
 * <p>
 * Every grant carries a fencing token: a number that is higher than that of every earlier
 * grant of the resource. The methods with a parameter {@code fence} affect that very
 * grant and no other.
 * <p>
 * Unless stated otherwise, a method is one atomic round trip to Redis. All methods throw
 * an {@link InvalidLockValueException} for a resource or locker that cannot be a name,
 * and a {@link org.springframework.dao.DataAccessException} if Redis does not answer: an
 * unknown state is never reported as held or free. If the answer to a release gets lost,
 * Locky finds out what happened; if it cannot, the message of the exception says that the
 * result is unknown. No operation affects a grant that was made after it was called. A
 * method for one resource throws an {@link UnreadableLockException} if Redis has
 * something else in the place of its lock; a method for several leaves that one out, but
 * {@link #lockAll} throws.
 *
 * @since 0.9.0
 */
public interface LockyOperations {

	/**
	 * Acquires a lock for the configured TTL.
	 * @param resource the resource to lock
	 * @param locker the locker that will hold it
	 * @return true if the lock was free; false if it is held, by this locker or another,
	 * and then nothing changed
	 */
	boolean lock(Object resource, Object locker);

	/**
	 * Acquires a lock with the options of a request.
	 * @param request the resource, the locker and the options
	 * @return whether the lock was granted; false too if the thread is interrupted while
	 * it waits, its interrupt flag set
	 * @throws IllegalArgumentException if the request sets
	 * {@link LockRequest#autoRenew()}, which only a handle can end
	 */
	boolean lock(LockRequest request);

	/**
	 * Acquires a lock with the options of a request, and returns a handle, or the lock
	 * that blocks it.
	 * @param request the resource, the locker and the options
	 * @return {@link LockAttempt.Acquired} or {@link LockAttempt.Denied}; denied too if
	 * the thread is interrupted while it waits, its interrupt flag set
	 * @throws IllegalArgumentException if the request sets
	 * {@link LockRequest#autoRenew()} and there is no TTL to renew
	 * @throws IllegalStateException if it sets that, and this was closed
	 */
	LockAttempt tryLock(LockRequest request);

	/**
	 * Acquires a lock as {@link #tryLock(LockRequest) tryLock} does, without the calling
	 * thread. Attempts run on a few threads of Locky; a request that waits uses no
	 * thread. Events and what depends on the result run on these threads too: hand over
	 * work that blocks, as with {@link CompletableFuture#thenAcceptAsync
	 * thenAcceptAsync}.
	 * @param request the resource, the locker and the options
	 * @return completed with {@link LockAttempt.Acquired} or {@link LockAttempt.Denied},
	 * or exceptionally if Redis does not answer. Cancelling it ends the wait, and
	 * releases a lock that is granted nevertheless
	 * @throws IllegalArgumentException if the request sets
	 * {@link LockRequest#autoRenew()} and there is no TTL to renew
	 */
	CompletableFuture<LockAttempt> tryLockAsync(LockRequest request);

	/**
	 * Acquires several locks for the configured TTL: all of them or none. Outside of
	 * Redis Cluster this is one atomic step. On a Cluster, locks of several partitions
	 * are acquired in a fixed order, and released again if one of them is held.
	 * @param resources the resources to lock, from 1 to 1000
	 * @param locker the locker that will hold them
	 * @return true if all were free; if not, none stays locked by this call
	 */
	boolean lockAll(Collection<?> resources, Object locker);

	/**
	 * Resets the TTL of a lock, to the length that it was acquired with, whichever locker
	 * holds it. A lock without a TTL stays as it is; if another client wrote a lock with
	 * a TTL, that is set to the configured one.
	 * @param resource the resource that is locked
	 * @return whether the lock is held
	 */
	boolean refresh(Object resource);

	/**
	 * Resets the TTL of a locker's lock, to the length that it was acquired with.
	 * @param resource the resource that is locked
	 * @param locker the locker that must hold it
	 * @return whether that locker holds the lock; if not, nothing changed
	 */
	boolean refresh(Object resource, Object locker);

	/**
	 * Resets the TTL of one grant, to the length that it was acquired with. Use it where
	 * a later request continues a grant, such as in a controller that receives
	 * heartbeats.
	 * @param resource the resource that is locked
	 * @param locker the locker that must hold it
	 * @param fence the fence of the grant
	 * @return whether that grant still holds the lock; if not, nothing changed
	 * @throws IllegalArgumentException if the fence is not positive
	 */
	default boolean refresh(Object resource, Object locker, long fence) {
		return tryRefresh(resource, locker, fence).held();
	}

	/**
	 * Resets the TTL of one grant as {@link #refresh(Object, Object, long) refresh} does,
	 * and returns the rest of the lease too.
	 * @param resource the resource that is locked
	 * @param locker the locker that must hold it
	 * @param fence the fence of the grant
	 * @return whether that grant still holds the lock, and for how long
	 * @throws IllegalArgumentException if the fence is not positive
	 */
	LockRefresh tryRefresh(Object resource, Object locker, long fence);

	/**
	 * Resets the TTL of one grant as {@link #tryRefresh(Object, Object, long) tryRefresh}
	 * does, and reports whether its holder is active: others see it as
	 * {@link LockInfo#idleSince()}, and may {@linkplain LockRequest#onlyIfIdle(Duration)
	 * take over} from a holder that is idle.
	 * @param resource the resource that is locked
	 * @param locker the locker that must hold it
	 * @param fence the fence of the grant
	 * @param idle for how long the holder has been idle; zero if it is active
	 * @return whether that grant still holds the lock, and for how long
	 * @throws IllegalArgumentException if the fence is not positive, or the duration is
	 * negative or longer than 365 days
	 */
	default LockRefresh tryRefresh(Object resource, Object locker, long fence, Duration idle) {
		return tryRefresh(resource, locker, fence);
	}

	/**
	 * Releases a lock, whichever locker holds it.
	 * @param resource the resource that is locked
	 * @return true if the lock was held and is free now; false if it was free
	 */
	boolean unlock(Object resource);

	/**
	 * Releases a locker's lock.
	 * @param resource the resource that is locked
	 * @param locker the locker that must hold it
	 * @return true if that locker held the lock and it is free now; if not, nothing
	 * changed
	 */
	boolean unlock(Object resource, Object locker);

	/**
	 * Releases the lock of one grant. A grant that has ended cannot affect the next
	 * holder.
	 * @param resource the resource that is locked
	 * @param locker the locker that must hold it
	 * @param fence the fence of the grant
	 * @return true if that grant held the lock and it is free now; if not, nothing
	 * changed
	 * @throws IllegalArgumentException if the fence is not positive
	 */
	boolean unlock(Object resource, Object locker, long fence);

	/**
	 * Releases all locks of a locker, for example at logout. It reads all locks, in
	 * portions that do not block Redis; a lock that the locker acquires meanwhile may
	 * stay held.
	 * @param locker the locker that holds them
	 * @return how many locks were released
	 */
	int unlockAll(Object locker);

	/**
	 * Returns the locker that holds a lock.
	 * @param resource the resource that may be locked
	 * @return the locker, or {@code null} if the lock is free
	 */
	@Nullable String getLocker(Object resource);

	/**
	 * Finds a lock: its locker, its fence and the rest of its lease.
	 * @param resource the resource that may be locked
	 * @return the lock, or empty if it is free
	 */
	Optional<LockInfo> find(Object resource);

	/**
	 * Finds several locks, with one round trip for every 500 resources of a partition.
	 * @param resources the resources that may be locked
	 * @return the locks that are held, by the names of their resources, in the order of
	 * the resources
	 */
	Map<String, LockInfo> findAll(Collection<?> resources);

	/**
	 * Lists held locks, with several round trips for a page. Locks that another client
	 * wrote are not in the list.
	 * @param query the locks to list, and the page
	 * @return a page of them
	 * @throws IllegalArgumentException if the cursor of the query is not that of a page
	 */
	LockPage list(LockQuery query);

}
