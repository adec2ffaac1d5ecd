package io.locky.internal.expiration;

import java.util.List;

import io.locky.internal.expiration.Delivery.State;

/**
 * A claim and what has become of its expiries.
 *
 * @param claim the claim
 * @param tellings its expiries on their way to the listeners
 */
record ClaimInFlight(ExpiryClaim claim, List<Delivery> tellings) {

	/** Whether it can be acknowledged. */
	boolean isTold() {
		return this.tellings.stream().allMatch((telling) -> telling.state() == State.TOLD);
	}

	/** Whether nothing more happens to it here, and others tell it again. */
	boolean isLeft() {
		return this.tellings.stream().anyMatch((telling) -> telling.state() == State.LEFT) && this.tellings.stream()
			.allMatch((telling) -> telling.state() == State.TOLD || telling.state() == State.LEFT);
	}

	/** Whether it is one that waits behind a slow listener. */
	boolean isWaiting() {
		return isSingle() && this.tellings.get(0).state() == State.WAITING;
	}

	boolean isSingle() {
		return this.tellings.size() == 1;
	}

	long claimedAt() {
		return this.tellings.get(0).claimedAt();
	}

	void prolonged(long now) {
		this.tellings.forEach((telling) -> telling.prolonged(now));
	}

}
