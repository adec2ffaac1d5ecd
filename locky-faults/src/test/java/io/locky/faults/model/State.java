package io.locky.faults.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.locky.faults.model.Redis.Grant;
import org.jspecify.annotations.Nullable;

/**
 * A state of the model: Redis, two instances with a client and a worker each, what is on
 * the way between them, and what an observer has seen of all of it.
 */
final class State {

	static final int INSTANCES = 2;

	Redis redis = new Redis();

	/** What a replica has: everything but the last write. */
	@Nullable Redis replica;

	Client[] clients = { Client.NEW, Client.NEW };

	/** Which run of each worker it is; a worker that is down has a negative one. */
	int[] runs = { 0, 1 };

	/** What each worker is about to publish and to acknowledge. */
	List<List<Delivery>> deliveries = List.of(List.of(), List.of());

	/** Requests on the way to Redis, in no order. Never changed in place. */
	List<Request> requests = List.of();

	/** The highest fence of a save, and which grant had it. */
	int savedFence;

	int savedNumber;

	int lossesLeft;

	int repeatsLeft;

	int crashesLeft;

	int failoversLeft;

	boolean failedOver;

	// What an observer has seen. The sets of grants are bits.

	int grants;

	int highestFence;

	int live;

	int expired;

	int published;

	int diedInDelivery;

	/** Operations under way that have taken effect. Never changed in place. */
	List<Integer> effects = List.of();

	@Nullable Promise broken;

	State copy() {
		State copy = new State();
		copy.redis = this.redis.copy();
		copy.replica = this.replica;
		copy.clients = this.clients.clone();
		copy.runs = this.runs.clone();
		copy.deliveries = this.deliveries;
		copy.requests = this.requests;
		copy.savedFence = this.savedFence;
		copy.savedNumber = this.savedNumber;
		copy.lossesLeft = this.lossesLeft;
		copy.repeatsLeft = this.repeatsLeft;
		copy.crashesLeft = this.crashesLeft;
		copy.failoversLeft = this.failoversLeft;
		copy.failedOver = this.failedOver;
		copy.grants = this.grants;
		copy.highestFence = this.highestFence;
		copy.live = this.live;
		copy.expired = this.expired;
		copy.published = this.published;
		copy.diedInDelivery = this.diedInDelivery;
		copy.effects = this.effects;
		copy.broken = this.broken;
		return copy;
	}

	/** Keeps what Redis has before a write, for a failover that loses the write. */
	void beforeWrite() {
		this.replica = (this.failoversLeft > 0) ? this.redis.copy() : null;
	}

	void add(Request request) {
		if (!this.requests.contains(request)) {
			List<Request> next = new ArrayList<>(this.requests);
			next.add(request);
			Collections.sort(next);
			this.requests = next;
		}
	}

	void remove(Request request) {
		this.requests = this.requests.stream().filter((other) -> !other.equals(request)).toList();
	}

	static int bit(Grant grant) {
		return 1 << grant.number();
	}

	boolean isUp(int instance) {
		return this.runs[instance] >= 0;
	}

	void setDeliveries(int worker, List<Delivery> next) {
		List<List<Delivery>> all = new ArrayList<>(this.deliveries);
		all.set(worker, List.copyOf(next));
		this.deliveries = List.copyOf(all);
	}

	/** The first broken promise counts. Without its data, Redis owes less. */
	void breaks(Promise promise) {
		boolean owed = !this.failedOver || promise == Promise.FENCE_RISES_WITH_EACH_GRANT
				|| promise == Promise.SAVE_THAT_CHECKS_THE_FENCE_IS_SAFE;
		if (owed && this.broken == null) {
			this.broken = promise;
		}
	}

	String key() {
		StringBuilder key = new StringBuilder(96);
		this.redis.encode(key);
		if (this.replica != null) {
			this.replica.encode(key);
		}
		for (int i = 0; i < INSTANCES; i++) {
			this.clients[i].encode(key);
			key.append((char) (this.runs[i] + 20));
			this.deliveries.get(i)
				.forEach((delivery) -> key.append((char) delivery.grant().number())
					.append(delivery.published() ? 'p' : '-'));
			key.append('/');
		}
		this.requests.forEach((request) -> request.encode(key));
		key.append('/').append((char) this.savedFence).append((char) this.savedNumber);
		key.append((char) this.lossesLeft).append((char) this.repeatsLeft).append((char) this.crashesLeft);
		key.append((char) this.failoversLeft).append((char) this.grants).append((char) this.highestFence);
		key.append(this.failedOver ? 'f' : '-').append((this.broken != null) ? 'b' : '-');
		key.append((char) this.live).append((char) this.expired).append((char) this.published);
		key.append((char) this.diedInDelivery);
		this.effects.forEach((id) -> key.append((char) (int) id));
		return key.toString();
	}

	/**
	 * What a client can do.
	 */
	enum Operation {

		/** Acquires, and takes over if the lock is held. */
		ACQUIRE, TAKE_OVER,

		/** Releases by its handle, or whatever grant there is. */
		RELEASE, UNLOCK,

		/** Refreshes by its handle. */
		REFRESH,

		/** Finds out what came of an attempt without an answer, and releases it. */
		CHECK, UNDO

	}

	/**
	 * A client.
	 *
	 * @param operation what is under way, or {@code null} for nothing
	 * @param id the id of that operation, or of the last one
	 * @param sending the sending that it waits for, or 0 if that got no answer in time
	 * @param sent how often it was sent
	 * @param handle the grant that it was answered, or {@code null} for none
	 */
	record Client(@Nullable Operation operation, int id, int sending, int sent, @Nullable Grant handle) {

		static final Client NEW = new Client(null, 0, 0, 0, null);

		Client begin(Operation next, int nextId) {
			return new Client(next, nextId, 1, 1, this.handle);
		}

		Client idle(@Nullable Grant next) {
			return new Client(null, this.id, 0, 0, next);
		}

		Client unanswered() {
			return new Client(this.operation, this.id, 0, this.sent, this.handle);
		}

		void encode(StringBuilder to) {
			to.append((this.operation != null) ? (char) ('A' + this.operation.ordinal()) : '-');
			to.append((char) this.id).append((char) this.sending).append((char) this.sent);
			to.append((char) ((this.handle != null) ? this.handle.number() : 0));
		}

	}

	/**
	 * A request on its way.
	 *
	 * @param client whose it is
	 * @param operation what is asked
	 * @param id the id of the operation
	 * @param sending 1 when it is sent first, 2 when it is sent again, 3 to find out
	 * @param fence the fence of its handle, or 0
	 * @param number the grant of its handle, or 0
	 * @param repeated whether the driver sends it the second time. The connection keeps
	 * the order: the client sends nothing that overtakes it.
	 */
	record Request(int client, Operation operation, int id, int sending, int fence, int number,
			boolean repeated) implements Comparable<Request> {

		Request again() {
			return new Request(this.client, this.operation, this.id, this.sending, this.fence, this.number, true);
		}

		@Override
		public int compareTo(Request other) {
			int byId = Integer.compare(10 * this.id + this.sending, 10 * other.id + other.sending);
			return (byId != 0) ? byId : Integer.compare(this.operation.ordinal(), other.operation.ordinal());
		}

		void encode(StringBuilder to) {
			to.append((char) ('A' + this.operation.ordinal())).append((char) this.id).append((char) this.sending);
			to.append(this.repeated ? 'r' : '-');
		}

		@Override
		public String toString() {
			return "%s %d of client %d, sending %d".formatted(this.operation, this.id, this.client, this.sending);
		}

	}

	/**
	 * An expiry that a worker has.
	 *
	 * @param grant the grant that expired
	 * @param published whether its listeners have returned
	 */
	record Delivery(Grant grant, boolean published) {

	}

}
