package io.locky.web;

import java.time.Duration;

import io.locky.LockInfo;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a caller of the HTTP endpoints may do with a resource. Register a bean of
 * this type. Without one, every authenticated caller may lock and watch the resources
 * that {@code locky.web.resources} names, and nobody may take a lock over.
 * <p>
 * The methods may block. Several threads call them at once.
 *
 * @since 0.9.0
 */
@FunctionalInterface
public interface LockAccessPolicy {

	/**
	 * Whether a caller may acquire the lock of a resource. Not called for the heartbeats
	 * and the release of a lock that the caller holds.
	 * @param caller the caller
	 * @param resource the resource to lock
	 * @return whether to allow it
	 */
	boolean mayLock(LockCaller caller, String resource);

	/**
	 * Whether a caller may see who holds a resource, now and as it changes. Called once
	 * for a live stream, when it opens.
	 * @param caller the caller
	 * @param resource the resource to watch
	 * @return whether to allow it; unless overridden, the answer of
	 * {@link #mayLock(LockCaller, String) mayLock}
	 */
	default boolean mayWatch(LockCaller caller, String resource) {
		return mayLock(caller, resource);
	}

	/**
	 * Whether a caller may see who is looking at a resource, and is shown to the others
	 * who look at it.
	 * @param caller the caller
	 * @param resource the resource that is looked at
	 * @return whether to allow it; unless overridden, the answer of
	 * {@link #mayWatch(LockCaller, String) mayWatch}
	 */
	default boolean maySeePresence(LockCaller caller, String resource) {
		return mayWatch(caller, resource);
	}

	/**
	 * Whether a caller may read who held a resource before, where a history is kept.
	 * @param caller the caller
	 * @param resource the resource
	 * @return whether to allow it; unless overridden, the answer of
	 * {@link #mayWatch(LockCaller, String) mayWatch}
	 */
	default boolean mayReadHistory(LockCaller caller, String resource) {
		return mayWatch(caller, resource);
	}

	/**
	 * Whether a caller may join the line for the lock of a resource. Not called for those
	 * who leave a line.
	 * @param caller the caller
	 * @param resource the resource to wait for
	 * @return whether to allow it; unless overridden, the answer of
	 * {@link #mayLock(LockCaller, String) mayLock}
	 */
	default boolean mayQueue(LockCaller caller, String resource) {
		return mayLock(caller, resource);
	}

	/**
	 * Whether a caller who may lock a resource may take its lock over from the current
	 * holder. Not called if the caller is that holder.
	 * @param caller the caller
	 * @param current the lock to take over
	 * @return whether to allow it; false unless overridden
	 */
	default boolean mayTakeOver(LockCaller caller, LockInfo current) {
		return false;
	}

	/**
	 * How long the holder must have been idle, so that a caller who may lock the resource
	 * may take its lock over. Asked only if the caller
	 * {@linkplain #mayTakeOver(LockCaller, LockInfo) may not} take it over anyway. Redis
	 * checks it in the moment of the takeover: a holder that came back before keeps the
	 * lock.
	 * @param caller the caller
	 * @param current the lock to take over
	 * @return the time without input of the holder, from 1 ms to 365 days, or
	 * {@code null} to refuse it, which is the answer unless overridden
	 * @see LockInfo#idleSince()
	 */
	default @Nullable Duration takeOverFromIdle(LockCaller caller, LockInfo current) {
		return null;
	}

	/**
	 * How long a lock is held without a heartbeat. Called for a caller who may lock the
	 * resource, before it is acquired or taken over.
	 * @param caller the caller
	 * @param resource the resource to lock
	 * @param wish what the request asks for, from 1 second to 365 days, or {@code null}
	 * @return the length of the lease, at least 1 second, or {@code null} for
	 * {@code locky.web.ttl}; unless overridden, {@code null} whatever the wish is
	 */
	default @Nullable Duration ttl(LockCaller caller, String resource, @Nullable Duration wish) {
		return null;
	}

	/**
	 * How long a lock can be held in total. No heartbeat extends it further. Called for a
	 * caller who may lock the resource, before it is acquired or taken over.
	 * @param caller the caller
	 * @param resource the resource to lock
	 * @return the longest hold, or {@code null} for no limit, which is the answer unless
	 * overridden
	 */
	default @Nullable Duration maxHold(LockCaller caller, String resource) {
		return null;
	}

	/**
	 * Whether a caller may ask the current holder of a lock to hand it over. Only called
	 * with {@code locky.handover.enabled}, and not if the caller is that holder.
	 * @param caller the caller
	 * @param current the lock to ask for
	 * @return whether to allow it; unless overridden, the answer of
	 * {@link #mayLock(LockCaller, String) mayLock}
	 */
	default boolean mayAsk(LockCaller caller, LockInfo current) {
		return mayLock(caller, current.resource());
	}

	/**
	 * How long a holder may leave a request to hand over its lock unanswered until the
	 * caller who asked may take the lock. Called for a caller who may ask.
	 * @param caller the caller who asks
	 * @param current the lock to ask for
	 * @return the time, from 1 ms to 1 day, or {@code null} for ever, which is the answer
	 * unless overridden
	 */
	default @Nullable Duration silence(LockCaller caller, LockInfo current) {
		return null;
	}

}
