package io.locky.faults.history;

import org.jspecify.annotations.Nullable;

/**
 * An event that the listeners of an application received.
 *
 * @param process the application
 * @param type what happened
 * @param resource to which resource
 * @param locker the holder that the event names, or {@code null} if it is unknown
 * @param fence the fencing token that the event names, or {@code null} if there is none
 * @param remote whether it happened on another instance
 * @param occurredMillis when it happened, by the clock of the Redis server, as an epoch
 * time in milliseconds
 * @param seenNanos when the listener was called
 */
public record Seen(String process, Type type, String resource, @Nullable String locker, @Nullable Long fence,
		boolean remote, long occurredMillis, long seenNanos) implements Entry {

	/**
	 * What can happen.
	 */
	public enum Type {

		/** A grant began. */
		ACQUIRED,

		/** A grant began and ended the one before it. */
		TAKEN_OVER,

		/** A grant ended: it was given back. */
		RELEASED,

		/** A grant ended: its lease was over. */
		EXPIRED,

		/** A handle of this application turned out to be gone. */
		LOST,

		/** Events before this one may be missing. */
		MISSED

	}

}
