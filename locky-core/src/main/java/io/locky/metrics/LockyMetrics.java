package io.locky.metrics;

import java.util.function.IntSupplier;

/**
 * Receives what one instance measures. No value names a resource or a locker: there are
 * too many of them for a meter. Methods are called on the threads that do the work, and
 * must return at once and not throw.
 *
 * @since 0.9.0
 */
public interface LockyMetrics {

	/**
	 * Measures nothing. With it, an operation reads no additional clock and creates no
	 * additional object.
	 */
	LockyMetrics NONE = new LockyMetrics() {
	};

	/**
	 * Called when a template is created, once for each.
	 * @param renewed supplies the number of handles that are held and renewed now; on any
	 * thread, and without Redis
	 */
	default void monitorHandles(IntSupplier renewed) {
	}

	/**
	 * A request for a lock, or for several at once, has ended.
	 * @param outcome how it ended
	 */
	default void requested(Outcome outcome) {
	}

	/**
	 * A request that had to wait has ended.
	 * @param outcome how it ended
	 * @param nanos the time since its first attempt began, in nanoseconds
	 */
	default void waited(Outcome outcome, long nanos) {
	}

	/**
	 * A grant has ended, and this instance published that.
	 * @param end how it ended
	 * @param micros the time since the grant, in microseconds of the clock of Redis
	 */
	default void held(HoldEnd end, long micros) {
	}

	/**
	 * Renewals of handles in the background were answered, or failed.
	 * @param result what became of them
	 * @param handles how many handles
	 */
	default void renewed(RenewalResult result, int handles) {
	}

	/**
	 * A handle of this instance was lost.
	 * @param reason why
	 */
	default void lost(LossReason reason) {
	}

	/**
	 * The listeners of an expiry are called now.
	 * @param nanos the time since the deadline, in nanoseconds of the clock of Redis
	 */
	default void expired(long nanos) {
	}

	/**
	 * Expiries were claimed again, because the worker that had them did not acknowledge
	 * them in time.
	 * @param expiries how many
	 */
	default void redelivered(int expiries) {
	}

	/**
	 * A listener of the application threw an exception.
	 */
	default void listenerFailed() {
	}

	/**
	 * Some events of other instances are gone, and were not published here.
	 */
	default void eventsMissed() {
	}

	/**
	 * A script was sent.
	 * @param script its name
	 * @param failed whether there was no answer, or an error
	 * @param nanos the time until the answer, in nanoseconds
	 */
	default void scriptRan(String script, boolean failed, long nanos) {
	}

	/**
	 * How a request ended.
	 */
	enum Outcome {

		/** The lock was free and was granted. */
		ACQUIRED,

		/** The same locker had the lock already and was let in again. */
		REENTERED,

		/** The lock was granted and was taken over from its holder. */
		TAKEN_OVER,

		/** The lock is held, also at the end of a wait. */
		DENIED,

		/** The caller gave up before the end of the wait. */
		CANCELLED,

		/** The request ended with an exception. */
		FAILED

	}

	/**
	 * How a grant ended.
	 */
	enum HoldEnd {

		/** It was released. */
		RELEASED,

		/** Its lease ran out. */
		EXPIRED

	}

	/**
	 * What became of a renewal.
	 */
	enum RenewalResult {

		/** The lease was extended. */
		RENEWED,

		/** The grant had ended. */
		LOST,

		/** Redis did not answer as it should. It is tried again. */
		FAILED

	}

	/**
	 * Why a handle was lost.
	 */
	enum LossReason {

		/** The lease ran out, for example because Redis did not answer. */
		EXPIRED,

		/** Another locker took the lock over. */
		TAKEN_OVER,

		/** The lock was released, and not with this handle. */
		RELEASED,

		/** Redis does not have the grant any more. */
		GONE,

		/** The application is shutting down. */
		SHUTDOWN

	}

}
