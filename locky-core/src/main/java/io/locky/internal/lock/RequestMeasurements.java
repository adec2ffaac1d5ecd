package io.locky.internal.lock;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.locky.internal.lock.AcquireReply.Granted;
import io.locky.metrics.LockyMetrics;
import io.locky.metrics.LockyMetrics.Outcome;
import io.locky.observation.LockyObservation;
import io.locky.observation.LockyObservationContext;
import io.locky.observation.LockyObservationDocumentation;
import io.locky.observation.LockyObservations;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Measures requests for locks: how they end, and how long they wait.
 */
final class RequestMeasurements {

	private static final Measurement NOTHING = new Measurement();

	private final LockyMetrics metrics;

	private final LockyObservations observations;

	private final LongSupplier ticker;

	/**
	 * Creates the measurements.
	 * @param metrics receives them
	 * @param observations observes waits
	 * @param ticker a monotonic clock, in nanoseconds
	 */
	RequestMeasurements(LockyMetrics metrics, LockyObservations observations, LongSupplier ticker) {
		this.metrics = metrics;
		this.observations = observations;
		this.ticker = ticker;
	}

	/**
	 * Begins a request, before its first attempt.
	 * @param resource the resource, or the first of several
	 * @return what measures it
	 */
	Measurement begin(String resource) {
		return (this.metrics != LockyMetrics.NONE || !this.observations.isNoop())
				? new RealMeasurement(this.metrics, this.observations, resource, this.ticker) : NOTHING;
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
		 * Makes an attempt as a part of the wait, or else of what the request is a part
		 * of, on any thread.
		 * @param <T> the type of the result
		 * @param attempt the attempt
		 * @return its result
		 */
		<T extends @Nullable Object> T observe(Supplier<T> attempt) {
			return attempt.get();
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

		private final LockyObservations observations;

		private final String resource;

		private final LongSupplier ticker;

		private final long begin;

		private final @Nullable Observation parent;

		private final AtomicBoolean ended = new AtomicBoolean();

		private volatile @Nullable LockyObservation wait;

		private RealMeasurement(LockyMetrics metrics, LockyObservations observations, String resource,
				LongSupplier ticker) {
			this.metrics = metrics;
			this.observations = observations;
			this.resource = resource;
			this.parent = observations.current();
			this.ticker = ticker;
			this.begin = ticker.getAsLong();
		}

		@Override
		void waits() {
			if (this.wait == null && !this.ended.get()) {
				LockyObservation started = this.observations.start(LockyObservationDocumentation.WAIT, "acquire",
						this.parent);
				started.resources(List.of(this.resource));
				this.wait = started;
			}
		}

		@Override
		<T extends @Nullable Object> T observe(Supplier<T> attempt) {
			LockyObservation running = this.wait;
			return (running != null && !running.isNoop()) ? running.call(attempt::get)
					: LockyObservations.callIn(this.parent, attempt::get);
		}

		@Override
		void ended(Outcome outcome) {
			if (this.ended.compareAndSet(false, true)) {
				this.metrics.requested(outcome);
				LockyObservation observed = this.wait;
				if (observed != null) {
					this.metrics.waited(outcome, this.ticker.getAsLong() - this.begin);
					observed.end(switch (outcome) {
						case ACQUIRED, REENTERED, TAKEN_OVER -> LockyObservationContext.Outcome.GRANTED;
						case DENIED -> LockyObservationContext.Outcome.DENIED;
						case CANCELLED -> LockyObservationContext.Outcome.CANCELLED;
						case FAILED -> LockyObservationContext.Outcome.FAILED;
					});
				}
			}
		}

	}

}
