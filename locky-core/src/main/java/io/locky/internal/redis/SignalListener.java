package io.locky.internal.redis;

/**
 * Receives hints. A hint may be lost, so no listener may depend on one.
 */
public interface SignalListener {

	/**
	 * There is a new earliest deadline, or an expiry to publish.
	 * @param hint where and when
	 */
	default void deadlineChanged(DeadlineHint hint) {
	}

	/**
	 * A lock was made free, and it is the turn of a waiter of some instance.
	 * @param waiter the waiter
	 * @param resource the name of the resource
	 */
	default void turn(String waiter, String resource) {
	}

	/**
	 * A lock was released by an instance of an earlier version, which gives no turns.
	 * @param resource the name of the resource
	 */
	default void released(String resource) {
	}

	/**
	 * An event was added to the event log.
	 * @param hint the event, as the script wrote it
	 */
	default void logged(String hint) {
	}

	/**
	 * The subscription has begun, for the first time or again. Hints may have been lost
	 * before.
	 */
	default void subscribed() {
	}

}
