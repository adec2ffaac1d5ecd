package io.locky;

import reactor.core.publisher.Mono;

/**
 * A handle of one grant of a lock whose methods do not block. Redis compares the fencing
 * token of the grant on every call, so that a stale handle cannot affect the next holder.
 * Thread-safe.
 * <p>
 * A {@code Mono} calls Redis each time it is subscribed to, and fails with a
 * {@link org.springframework.dao.DataAccessException} if Redis does not answer. What was
 * begun goes on if the subscription is cancelled.
 *
 * @since 0.9.0
 */
public interface ReactiveLockHandle {

	/**
	 * The resource that is locked.
	 * @return its name
	 */
	String resource();

	/**
	 * The locker that holds the grant.
	 * @return its name
	 */
	String locker();

	/**
	 * The fence: the number of this grant. Store it with what the lock protects, and
	 * refuse a write that comes with a lower one.
	 * @return the fence, higher than that of every earlier grant of the resource
	 */
	long fence();

	/**
	 * Whether the lock is held, without a call to Redis, as {@link LockHandle#isValid()}
	 * decides it.
	 * @return whether to go on
	 */
	boolean isValid();

	/**
	 * Resets the TTL.
	 * @return whether this grant still holds the lock; if not, the handle is lost, unless
	 * it was closed before
	 */
	Mono<Boolean> refresh();

	/**
	 * Adds a callback that runs once if this handle is found to be lost: its grant ended
	 * before the handle was closed. It runs in a thread of Locky, or at once in the
	 * calling thread if the handle is lost already.
	 * @param callback the callback; an exception that it throws is logged
	 */
	void onLost(Runnable callback);

	/**
	 * Releases the lock as {@link #close()} does, and returns whether it was held until
	 * then. If it was not, and the loss had not been noticed before, the handle is lost.
	 * @return whether this grant held the lock to the end; false too if the handle was
	 * closed before
	 */
	Mono<Boolean> release();

	/**
	 * Releases the lock and ends its renewal. Changes nothing if this grant has ended. If
	 * Redis does not answer, this fails, and a thread of Locky releases the lock once
	 * Redis answers, unless its lease ends before.
	 * @return completes when the lock is released
	 */
	Mono<Void> close();

}
