package io.locky;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;

import reactor.core.publisher.Mono;

/**
 * The operations of {@link LockyOperations} for reactive applications: the same locks,
 * with the same names, results, events and exceptions.
 * <p>
 * Nothing happens before a {@code Mono} is subscribed to, and everything happens again
 * with each subscription; arguments are checked at once. No method blocks, and none keeps
 * a thread while Redis works or a request waits. Results and events come in threads of
 * Locky that may block; a thread that is busy delays nothing but what follows in it.
 * <p>
 * A subscription that is cancelled leaves no lock behind: if {@link #lock},
 * {@link #tryLock} or {@link #lockAll} is granted nevertheless, it is released. Any other
 * operation that was begun goes on to its end.
 *
 * @since 0.9.0
 */
public interface ReactiveLockyOperations {

	/**
	 * Acquires a lock for the configured TTL, as
	 * {@link LockyOperations#lock(Object, Object)} does.
	 * @param resource the resource to lock
	 * @param locker the locker that will hold it
	 * @return true if the lock was free; false if it is held, by this locker or another,
	 * and then nothing changed
	 */
	Mono<Boolean> lock(Object resource, Object locker);

	/**
	 * Acquires a lock with the options of a request, as
	 * {@link LockyOperations#lock(LockRequest)} does.
	 * @param request the resource, the locker and the options
	 * @return whether the lock was granted
	 * @throws IllegalArgumentException if the request sets
	 * {@link LockRequest#autoRenew()}, which only a handle can end
	 */
	Mono<Boolean> lock(LockRequest request);

	/**
	 * Acquires a lock with the options of a request, and returns a handle, or the lock
	 * that blocks it, as {@link LockyOperations#tryLock(LockRequest)} does. With
	 * {@link LockRequest#waitUpTo(Duration) waitUpTo}, it waits without a thread.
	 * @param request the resource, the locker and the options
	 * @return {@link ReactiveLockAttempt.Acquired} or {@link ReactiveLockAttempt.Denied}
	 * @throws IllegalArgumentException if the request sets
	 * {@link LockRequest#autoRenew()} and there is no TTL to renew
	 */
	Mono<ReactiveLockAttempt> tryLock(LockRequest request);

	/**
	 * Acquires several locks for the configured TTL, all of them or none, as
	 * {@link LockyOperations#lockAll} does.
	 * @param resources the resources to lock, from 1 to 1000
	 * @param locker the locker that will hold them
	 * @return true if all were free; if not, none stays locked by this call
	 */
	Mono<Boolean> lockAll(Collection<?> resources, Object locker);

	/**
	 * Resets the TTL of a lock, whichever locker holds it, as
	 * {@link LockyOperations#refresh(Object)} does.
	 * @param resource the resource that is locked
	 * @return whether the lock is held
	 */
	Mono<Boolean> refresh(Object resource);

	/**
	 * Resets the TTL of a locker's lock.
	 * @param resource the resource that is locked
	 * @param locker the locker that must hold it
	 * @return whether that locker holds the lock; if not, nothing changed
	 */
	Mono<Boolean> refresh(Object resource, Object locker);

	/**
	 * Resets the TTL of one grant.
	 * @param resource the resource that is locked
	 * @param locker the locker that must hold it
	 * @param fence the fence of the grant
	 * @return whether that grant still holds the lock; if not, nothing changed
	 * @throws IllegalArgumentException if the fence is not positive
	 */
	default Mono<Boolean> refresh(Object resource, Object locker, long fence) {
		return tryRefresh(resource, locker, fence).map(LockRefresh::held);
	}

	/**
	 * Resets the TTL of one grant, and returns the rest of the lease too.
	 * @param resource the resource that is locked
	 * @param locker the locker that must hold it
	 * @param fence the fence of the grant
	 * @return whether that grant still holds the lock, and for how long
	 * @throws IllegalArgumentException if the fence is not positive
	 */
	Mono<LockRefresh> tryRefresh(Object resource, Object locker, long fence);

	/**
	 * Resets the TTL of one grant, and reports whether its holder is active, as
	 * {@link LockyOperations#tryRefresh(Object, Object, long, Duration)} does.
	 * @param resource the resource that is locked
	 * @param locker the locker that must hold it
	 * @param fence the fence of the grant
	 * @param idle for how long the holder has been idle; zero if it is active
	 * @return whether that grant still holds the lock, and for how long
	 * @throws IllegalArgumentException if the fence is not positive, or the duration is
	 * negative or longer than 365 days
	 */
	Mono<LockRefresh> tryRefresh(Object resource, Object locker, long fence, Duration idle);

	/**
	 * Releases a lock, whichever locker holds it.
	 * @param resource the resource that is locked
	 * @return true if the lock was held and is free now; false if it was free
	 */
	Mono<Boolean> unlock(Object resource);

	/**
	 * Releases a locker's lock.
	 * @param resource the resource that is locked
	 * @param locker the locker that must hold it
	 * @return true if that locker held the lock and it is free now; if not, nothing
	 * changed
	 */
	Mono<Boolean> unlock(Object resource, Object locker);

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
	Mono<Boolean> unlock(Object resource, Object locker, long fence);

	/**
	 * Releases all locks of a locker, as {@link LockyOperations#unlockAll} does.
	 * @param locker the locker that holds them
	 * @return how many locks were released
	 */
	Mono<Integer> unlockAll(Object locker);

	/**
	 * Returns the locker that holds a lock.
	 * @param resource the resource that may be locked
	 * @return the locker, or empty if the lock is free
	 */
	Mono<String> getLocker(Object resource);

	/**
	 * Finds a lock: its locker, its fence and the rest of its lease.
	 * @param resource the resource that may be locked
	 * @return the lock, or empty if it is free
	 */
	Mono<LockInfo> find(Object resource);

	/**
	 * Finds several locks, as {@link LockyOperations#findAll} does.
	 * @param resources the resources that may be locked
	 * @return the locks that are held, by the names of their resources, in the order of
	 * the resources
	 */
	Mono<Map<String, LockInfo>> findAll(Collection<?> resources);

	/**
	 * Lists held locks, as {@link LockyOperations#list} does.
	 * @param query the locks to list, and the page
	 * @return a page of them; fails with an {@link IllegalArgumentException} if the
	 * cursor of the query is not that of a page
	 */
	Mono<LockPage> list(LockQuery query);

}
