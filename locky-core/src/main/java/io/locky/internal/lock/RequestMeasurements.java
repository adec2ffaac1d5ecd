package io.locky.internal.lock;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import io.locky.internal.lock.AcquireReply.Granted;
import io.locky.metrics.LockyMetrics;
import io.locky.metrics.LockyMetrics.Outcome;

/**
 * Measures requests for locks: how they end, and how long they wait.
 */
final class RequestMeasurements {

	private static final Measurement NOTHING = new Measurement();

	private final LockyMetrics metrics;

	private final LongSupplier ticker;

	/**
	 * Creates the measurements.
	 * @param metrics receives them
	 * @param ticker a monotonic clock, in nanoseconds
	 */
	RequestMeasurements(LockyMetrics metrics, LongSupplier ticker) {
		this.metrics = metrics;
		this.ticker = ticker;
	}

	/**
	 * Begins a request, before its first attempt.
	 * @return what measures it
	 */
	Measurement begin() {
		return (this.metrics != LockyMetrics.NONE) ? new RealMeasurement(this.metrics, this.ticker) : NOTHING;
	}

	private static Outcome outcome(AcquireReply reply) {
		if (!(reply instanceof Granted granted)) {
			return Outcome.DENIED;
		}
		Grant grant = granted.grant();
		if (grant.reentered()) {
			return Outcome.REENTERED;
		}
		return (grant.previousLocker() != null) ? Outcome.TAKEN_OVER : Outcome.ACQUIRED;
	}

	/**
	 * The measurement of one request. This one measures nothing.
	 */
	static class Measurement {

		/** The lock is held, and the request goes on waiting. */
		void waits() {
		}

		/**
		 * Ends the measurement. Only the first end counts.
		 * @param outcome how the request ended
		 */
		void ended(Outcome outcome) {
		}

		/**
		 * Ends the measurement with the reply to the last attempt.
		 * @param reply the reply
		 */
		final void ended(AcquireReply reply) {
			if (this != NOTHING) {
				ended(outcome(reply));
			}
		}

	}

	private static final class RealMeasurement extends Measurement {

		private final LockyMetrics metrics;

		private final LongSupplier ticker;

		private final long begin;

		private final AtomicBoolean ended = new AtomicBoolean();

		private volatile boolean waited;

		private RealMeasurement(LockyMetrics metrics, LongSupplier ticker) {
			this.metrics = metrics;
			this.ticker = ticker;
			this.begin = ticker.getAsLong();
		}

		@Override
		void waits() {
			this.waited = true;
		}

		@Override
		void ended(Outcome outcome) {
			if (this.ended.compareAndSet(false, true)) {
				this.metrics.requested(outcome);
				if (this.waited) {
					this.metrics.waited(outcome, this.ticker.getAsLong() - this.begin);
				}
			}
		}

	}

}
