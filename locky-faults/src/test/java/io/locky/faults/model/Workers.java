package io.locky.faults.model;

import java.util.ArrayList;
import java.util.List;

import io.locky.faults.model.Redis.Claim;
import io.locky.faults.model.Redis.Grant;
import io.locky.faults.model.State.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * What the workers do: {@code claim.lua}, publish, {@code ack.lua}.
 */
final class Workers {

	private final @Nullable Bug bug;

	Workers(@Nullable Bug bug) {
		this.bug = bug;
	}

	boolean hasDue(State state, int worker) {
		return state.redis.expired() != null
				|| state.redis.unacked.stream().anyMatch((claim) -> isDue(state, worker, claim));
	}

	/**
	 * Claims what is due: what has expired, claims of workers that died, and own claims
	 * whose answer got lost.
	 * @param state the state, which this changes
	 * @param worker the worker
	 * @return what it is answered
	 */
	List<Grant> claim(State state, int worker) {
		Redis redis = state.redis;
		List<Grant> answer = new ArrayList<>();
		for (Claim claim : redis.unacked) {
			if (isDue(state, worker, claim)) {
				answer.add(claim.grant());
				redis.claim(claim.grant(), state.runs[worker]);
			}
		}
		Grant expired = redis.expired();
		if (expired != null) {
			answer.add(expired);
			redis.record = null;
			if (this.bug != Bug.CLAIM_DELETES) {
				redis.claim(expired, state.runs[worker]);
			}
		}
		return answer;
	}

	private boolean isDue(State state, int worker, Claim claim) {
		if (claim.worker() == state.runs[worker]) {
			return this.bug != Bug.LOST_CLAIM_IS_NOT_RECOVERED && state.deliveries.get(worker)
				.stream()
				.noneMatch((delivery) -> delivery.grant().equals(claim.grant()));
		}
		boolean lives = state.runs[1 - worker] == claim.worker();
		if (claim.worker() < 0) {
			return true;
		}
		return lives ? this.bug == Bug.CLAIM_HAS_NO_OWNER : this.bug != Bug.CLAIM_IS_NEVER_DUE_AGAIN;
	}

	void deliver(State state, int worker, List<Grant> answer) {
		List<Delivery> deliveries = new ArrayList<>(state.deliveries.get(worker));
		answer.forEach((grant) -> deliveries.add(new Delivery(grant, false)));
		state.setDeliveries(worker, deliveries);
		if (this.bug == Bug.ACK_BEFORE_PUBLISH) {
			answer.forEach(state.redis::acknowledge);
		}
	}

	void publish(State state, int worker, Delivery delivery) {
		List<Delivery> deliveries = new ArrayList<>(state.deliveries.get(worker));
		deliveries.set(deliveries.indexOf(delivery), new Delivery(delivery.grant(), true));
		state.setDeliveries(worker, deliveries);
		int bit = State.bit(delivery.grant());
		if ((state.published & ~state.diedInDelivery & bit) != 0) {
			state.breaks(Promise.EXPIRY_IS_PUBLISHED_ONCE);
		}
		state.published |= bit;
	}

	void acknowledge(State state, int worker, Delivery delivery) {
		List<Delivery> deliveries = new ArrayList<>(state.deliveries.get(worker));
		deliveries.remove(delivery);
		state.setDeliveries(worker, deliveries);
		state.redis.acknowledge(delivery.grant());
	}

	static void restart(State state, int worker) {
		state.runs[worker] = 1 - state.runs[worker];
	}

	/**
	 * Whether instances that run without a fault publish all expiries from here on.
	 * @param state the state
	 * @return whether none is lost
	 */
	boolean canPublishAll(State state) {
		if ((state.expired & ~state.published) == 0) {
			return true;
		}
		State end = state.copy();
		for (int worker = 0; worker < State.INSTANCES; worker++) {
			if (!end.isUp(worker)) {
				restart(end, worker);
			}
		}
		for (int worker = 0; worker < State.INSTANCES; worker++) {
			deliver(end, worker, claim(end, worker));
			for (Delivery delivery : end.deliveries.get(worker)) {
				if (!delivery.published()) {
					publish(end, worker, delivery);
				}
			}
		}
		return (end.expired & ~end.published) == 0;
	}

}
