package io.locky.internal.expiration;

import java.util.List;
import java.util.function.Predicate;

import io.locky.internal.expiration.ClaimInFlight.Delivery.State;
import io.locky.internal.expiration.ExpiryClaim.Expiry;
import org.jspecify.annotations.Nullable;

/**
 * A claim whose expiries are on their way to the listeners.
 *
 * @param claim the claim
 * @param deliveries one for each of its expiries
 */
record ClaimInFlight(ExpiryClaim claim, List<Delivery> deliveries) {

	/** Whether all of it is published, so that it can be acknowledged. */
	boolean isPublished() {
		return this.deliveries.stream().allMatch((delivery) -> delivery.state() == State.PUBLISHED);
	}

	/**
	 * Whether nothing more happens to it here, and another instance publishes the rest.
	 */
	boolean isAbandoned() {
		return this.deliveries.stream().anyMatch((delivery) -> delivery.state() == State.ABANDONED)
				&& this.deliveries.stream().allMatch(Delivery::isOver);
	}

	/** Whether it is a single expiry that waits for a slow listener. */
	boolean isWaiting() {
		return isSingle() && this.deliveries.get(0).state() == State.WAITING;
	}

	/** Whether a part of it waits for a thread. */
	boolean isRefused() {
		return this.deliveries.stream().anyMatch((delivery) -> delivery.state() == State.REFUSED);
	}

	boolean isSingle() {
		return this.deliveries.size() == 1;
	}

	long claimedAt() {
		return this.deliveries.get(0).claimedAt();
	}

	/** Redis has extended the claim. */
	void extended(long now) {
		this.deliveries.forEach((delivery) -> delivery.extended(now));
	}

	/**
	 * The way of one expiry to the listeners. Belongs to the thread of the dispatcher; a
	 * thread for listeners runs it.
	 */
	static final class Delivery {

		private final Expiry expiry;

		private final ExpiryDispatcher dispatcher;

		private volatile long claimedAt;

		private volatile State state = State.WAITING;

		Delivery(Expiry expiry, long claimedAt, ExpiryDispatcher dispatcher) {
			this.expiry = expiry;
			this.claimedAt = claimedAt;
			this.dispatcher = dispatcher;
		}

		/**
		 * Publishes the expiry, unless its turn comes so late that another instance may
		 * have claimed it.
		 * @param publisher calls the listeners; false if the expiry must be published
		 * again
		 */
		void run(Predicate<Delivery> publisher) {
			State end = State.ABANDONED;
			try {
				if (this.dispatcher.isFresh(this)) {
					this.state = State.RUNNING;
					end = publisher.test(this) ? State.PUBLISHED : State.ABANDONED;
				}
			}
			finally {
				this.state = end;
			}
		}

		/** Leaves the expiry to the next instance that claims it. */
		void abandon() {
			this.state = State.ABANDONED;
		}

		/** There is no thread for it now. */
		void refuse() {
			this.state = State.REFUSED;
		}

		/**
		 * Has a refused delivery tried again, unless another instance may have claimed
		 * it.
		 * @return whether to try
		 */
		boolean retry() {
			this.state = this.dispatcher.isFresh(this) ? State.WAITING : State.ABANDONED;
			return this.state == State.WAITING;
		}

		boolean isOver() {
			return this.state == State.PUBLISHED || this.state == State.ABANDONED;
		}

		void extended(long now) {
			this.claimedAt = now;
		}

		Expiry expiry() {
			return this.expiry;
		}

		long claimedAt() {
			return this.claimedAt;
		}

		/**
		 * The time since the deadline.
		 * @return the time in nanoseconds, or {@code null} if it is not known
		 */
		@Nullable Long lag() {
			return this.dispatcher.lag(this.expiry);
		}

		State state() {
			return this.state;
		}

		/** How far it has come. */
		enum State {

			/** Its turn has not come. */
			WAITING,

			/** It has no turn, because no thread could be started. */
			REFUSED,

			/** A listener is running. */
			RUNNING,

			/** All listeners have run: to be acknowledged. */
			PUBLISHED,

			/** Not published here. */
			ABANDONED

		}

	}

}
