package io.locky.internal.expiration;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A claimed expiry on its way to the listeners. Belongs to the worker; run by another
 * thread.
 */
final class Delivery {

	private final Expiry expiry;

	private final Predicate<Delivery> fresh;

	private volatile long claimedAt;

	private volatile State state = State.WAITING;

	/**
	 * Creates the task.
	 * @param expiry the expiry
	 * @param claimedAt when it was claimed, by the monotonic clock
	 * @param fresh whether the claim is still ours
	 */
	Delivery(Expiry expiry, long claimedAt, Predicate<Delivery> fresh) {
		this.expiry = expiry;
		this.claimedAt = claimedAt;
		this.fresh = fresh;
	}

	/**
	 * Tells it, unless its turn comes too late.
	 * @param listeners who hears it
	 */
	void run(Consumer<Expiry> listeners) {
		if (this.fresh.test(this)) {
			this.state = State.AT_WORK;
			listeners.accept(this.expiry);
			this.state = State.TOLD;
		}
		else {
			leave();
		}
	}

	/** Leaves it to whoever claims it next. */
	void leave() {
		this.state = State.LEFT;
	}

	/** The claim was made anew. */
	void prolonged(long now) {
		this.claimedAt = now;
	}

	Expiry expiry() {
		return this.expiry;
	}

	long claimedAt() {
		return this.claimedAt;
	}

	State state() {
		return this.state;
	}

	/**
	 * How far it has come.
	 */
	enum State {

		/** Its turn has not come. */
		WAITING,

		/** A listener is at it. */
		AT_WORK,

		/** All listeners have heard it: to be acknowledged. */
		TOLD,

		/** Not to be told here. */
		LEFT

	}

}
