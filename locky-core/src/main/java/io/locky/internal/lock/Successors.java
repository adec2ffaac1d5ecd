package io.locky.internal.lock;

import io.locky.internal.redis.SignalListener;
import org.jspecify.annotations.Nullable;

/**
 * Those who get locks that this application releases.
 */
interface Successors extends SignalListener {

	/**
	 * Begins to hand a lock over.
	 * @param resource the name of the resource
	 * @return what to do around the release, or {@code null} if no request of this
	 * application waits for the lock
	 */
	@Nullable HandOver handOver(String resource);

	/**
	 * One release.
	 */
	interface HandOver {

		/** The release is on its way. */
		void releasing();

		/**
		 * The release was answered.
		 * @param turn the waiter of this application that has the turn now, or
		 * {@code null} if there is none
		 */
		void released(@Nullable String turn);

	}

}
