package io.locky.internal.redis;

/**
 * Is told hints. They may be lost, so that none of them may be relied upon.
 *
 * @since 0.1.0
 */
public interface SignalListener {

	/**
	 * There is a new earliest deadline, or an expiry to tell.
	 */
	default void deadlineChanged() {
	}

	/**
	 * A lock was given back.
	 * @param resource the name of the resource
	 */
	default void released(String resource) {
	}

	/**
	 * An event was added to the log.
	 * @param hint the event, as the script wrote it
	 */
	default void logged(String hint) {
	}

	/**
	 * The subscription has begun, for the first time or again: hints may have been lost
	 * before.
	 */
	default void subscribed() {
	}

}
