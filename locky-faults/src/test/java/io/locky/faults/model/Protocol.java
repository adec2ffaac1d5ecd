package io.locky.faults.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.locky.faults.model.Explorer.Step;
import io.locky.faults.model.Redis.Grant;
import io.locky.faults.model.Scripts.Answer;
import io.locky.faults.model.State.Client;
import io.locky.faults.model.State.Delivery;
import io.locky.faults.model.State.Operation;
import io.locky.faults.model.State.Request;
import org.jspecify.annotations.Nullable;

/**
 * Everything that two instances with a client and a worker each, Redis and the wires
 * between them can do. A request may be late, and its answer may be lost or come after a
 * second sending by the driver.
 */
final class Protocol {

	private final Bounds bounds;

	private final @Nullable Bug bug;

	private final Scripts scripts;

	private final Workers workers;

	Protocol(Bounds bounds, @Nullable Bug bug) {
		this.bounds = bounds;
		this.bug = bug;
		this.scripts = new Scripts(bug);
		this.workers = new Workers(bug);
	}

	State first() {
		State first = new State();
		first.lossesLeft = this.bounds.losses();
		first.repeatsLeft = this.bounds.repeats();
		first.crashesLeft = this.bounds.crashes();
		first.failoversLeft = this.bounds.failovers();
		first.clients[1] = new Client(null, 32, 0, 0, null);
		return first;
	}

	@Nullable Promise broken(State state) {
		if (state.broken != null) {
			return state.broken;
		}
		return (state.failedOver || this.workers.canPublishAll(state)) ? null : Promise.EVERY_EXPIRY_IS_PUBLISHED;
	}

	List<Step<State>> steps(State from) {
		Steps steps = new Steps(from);
		for (int i = 0; i < State.INSTANCES; i++) {
			if (from.isUp(i)) {
				addClient(steps, i);
				addWorker(steps, i);
				addCrash(steps, i);
			}
			else {
				int instance = i;
				steps.add(() -> "instance " + instance + " starts", (state) -> Workers.restart(state, instance));
			}
		}
		for (Request request : from.requests) {
			if (request.repeated()) {
				addArrival(steps, request, from.clients[request.client()]);
			}
			else {
				addLateArrival(steps, request);
			}
		}
		addRedis(steps);
		return steps.all;
	}

	private void addRedis(Steps steps) {
		State from = steps.from;
		Grant held = from.redis.held();
		if (held != null) {
			steps.add(() -> "lease of " + held + " ends", (state) -> {
				state.redis.key = false;
				state.live &= ~State.bit(held);
				state.expired |= State.bit(held);
			});
		}
		Redis replica = from.replica;
		if (replica != null && from.failoversLeft > 0) {
			steps.add(() -> "failover loses the last write", (state) -> {
				state.redis = replica.copy();
				state.replica = null;
				state.failoversLeft--;
				state.failedOver = true;
				state.live = 0;
			});
		}
	}

	private void addClient(Steps steps, int i) {
		Client client = steps.from.clients[i];
		if (client.operation() == null) {
			addOperations(steps, i, client);
		}
		else if (client.sending() == 0) {
			addNextSending(steps, i, client);
		}
	}

	private void addOperations(Steps steps, int i, Client client) {
		Grant handle = client.handle();
		if ((client.id() & 31) < this.bounds.operations()) {
			List<Operation> operations = (handle == null) ? List.of(Operation.ACQUIRE, Operation.TAKE_OVER)
					: List.of(Operation.RELEASE, Operation.UNLOCK, Operation.REFRESH);
			operations.forEach((operation) -> addSending(steps, i, client.begin(operation, client.id() + 1)));
		}
		if (handle != null && this.bounds.failovers() > 0 && mayChangeSaved(steps.from, handle)) {
			steps.add(() -> "client " + i + " saves under " + handle, (state) -> save(state, handle));
		}
	}

	private boolean mayChangeSaved(State state, Grant handle) {
		boolean accepted = handle.fence() >= state.savedFence || this.bug == Bug.SAVE_WITHOUT_CHECK;
		return accepted && handle.number() != state.savedNumber;
	}

	private static void save(State state, Grant handle) {
		if (handle.number() < state.savedNumber) {
			state.breaks(Promise.SAVE_THAT_CHECKS_THE_FENCE_IS_SAFE);
		}
		state.savedFence = Math.max(handle.fence(), state.savedFence);
		state.savedNumber = Math.max(handle.number(), state.savedNumber);
	}

	/**
	 * A request is sent and arrives in one step: nothing else depends on when it was
	 * sent. Or it is late, and no answer comes in time.
	 */
	private void addSending(Steps steps, int i, Client client) {
		Request request = request(i, client);
		addArrival(steps, request, client);
		if (steps.from.lossesLeft > 0) {
			steps.add(() -> request + " is late", (state) -> {
				state.lossesLeft--;
				state.clients[i] = client.unanswered();
				state.add(request);
			});
		}
	}

	private static Request request(int i, Client client) {
		Grant handle = client.handle();
		return new Request(i, Objects.requireNonNull(client.operation()), client.id(), client.sending(),
				(handle != null) ? handle.fence() : 0, (handle != null) ? handle.number() : 0, false);
	}

	/** What the library does about an operation that got no answer. */
	private void addNextSending(Steps steps, int i, Client client) {
		Operation operation = Objects.requireNonNull(client.operation());
		if (isAttempt(operation) && this.bug == Bug.TIMEOUT_IS_DENIED) {
			steps.add(() -> "client " + i + " counts as denied", (state) -> {
				state.clients[i] = client.idle(null);
				state.breaks(Promise.CONTENDED_IS_NOT_UNAVAILABLE);
			});
		}
		else if (operation == Operation.CHECK || (isAttempt(operation) && client.sent() == 2)) {
			addSending(steps, i, new Client(Operation.CHECK, client.id(), 3, 2, client.handle()));
		}
		else {
			addSending(steps, i, new Client(operation, client.id(), nextSending(client), 2, client.handle()));
		}
	}

	private static boolean isAttempt(Operation operation) {
		return operation == Operation.ACQUIRE || operation == Operation.TAKE_OVER;
	}

	/** A release of whatever grant there is is not sent again: it is made invalid. */
	private static int nextSending(Client client) {
		boolean isFirst = client.operation() == Operation.UNDO && client.sent() == 1;
		return (client.operation() == Operation.UNLOCK) ? 3 : isFirst ? 1 : 2;
	}

	/** The arrival of a request that the client waits for as it is after it was sent. */
	private void addArrival(Steps steps, Request request, Client client) {
		State from = steps.from;
		if (isBeyond(from, request)) {
			return;
		}
		int i = request.client();
		steps.add(() -> request + " arrives", (state) -> {
			state.clients[i] = client;
			state.remove(request);
			answered(state, request, this.scripts.run(state, request));
			forget(state, request.id());
		});
		if (from.lossesLeft > 0) {
			steps.add(() -> request + " arrives, its answer is lost", (state) -> {
				state.clients[i] = client;
				state.remove(request);
				state.lossesLeft--;
				this.scripts.run(state, request);
				state.clients[i] = client.unanswered();
			});
		}
		if (from.repeatsLeft > 0 && !request.repeated()) {
			steps.add(() -> request + " arrives, and the driver repeats it", (state) -> {
				state.clients[i] = client;
				state.repeatsLeft--;
				state.add(request.again());
				this.scripts.run(state, request);
			});
		}
	}

	/** The arrival of a request that was late: no one waits for its answer. */
	private void addLateArrival(Steps steps, Request request) {
		if (!isBeyond(steps.from, request)) {
			steps.add(() -> request + " arrives late", (state) -> {
				state.remove(request);
				this.scripts.run(state, request);
				forget(state, request.id());
			});
		}
	}

	private boolean isBeyond(State state, Request request) {
		return state.grants >= this.bounds.grants() && isAttempt(request.operation());
	}

	private void answered(State state, Request request, Answer answer) {
		int i = request.client();
		Client client = state.clients[i];
		this.workers.deliver(state, i, answer.foundExpiries());
		drop(state, request.id());
		state.clients[i] = switch (request.operation()) {
			case ACQUIRE, TAKE_OVER -> client.idle(answer.grant());
			case REFRESH -> client.idle((answer.result() == 1) ? client.handle() : null);
			case CHECK -> checked(client, answer.grant());
			case UNDO -> new Client(null, request.id() - Scripts.UNDO, 0, 0, null);
			default -> client.idle(null);
		};
		if (isAttempt(request.operation()) && answer.grant() == null) {
			requireDenied(state, request);
		}
	}

	private static Client checked(Client client, @Nullable Grant granted) {
		return (granted != null) ? new Client(Operation.UNDO, client.id() + Scripts.UNDO, 0, 1, granted)
				: client.idle(null);
	}

	private static void requireDenied(State state, Request request) {
		Grant held = state.redis.held();
		if (held != null && held.attempt() == request.id()) {
			state.breaks(Promise.FAILED_ATTEMPT_CHANGES_NOTHING);
		}
	}

	private static void drop(State state, int id) {
		state.effects = state.effects.stream().filter((effect) -> effect != id).toList();
	}

	/** An answer is kept for as long as it may be asked for. */
	private static void forget(State state, int id) {
		int base = id & (Scripts.UNDO - 1);
		boolean needed = state.requests.stream().anyMatch((request) -> (request.id() & (Scripts.UNDO - 1)) == base);
		for (Client client : state.clients) {
			needed = needed || (client.operation() != null && (client.id() & (Scripts.UNDO - 1)) == base);
		}
		if (!needed) {
			state.redis.forget(base);
			state.redis.forget(base + Scripts.UNDO);
		}
	}

	private void addWorker(Steps steps, int i) {
		if (this.workers.hasDue(steps.from, i)) {
			steps.add(() -> "worker " + i + " claims", (state) -> {
				state.beforeWrite();
				this.workers.deliver(state, i, this.workers.claim(state, i));
			});
			if (steps.from.lossesLeft > 0) {
				steps.add(() -> "worker " + i + " claims, and the answer is lost", (state) -> {
					state.lossesLeft--;
					state.beforeWrite();
					this.workers.claim(state, i);
				});
			}
		}
		for (Delivery delivery : steps.from.deliveries.get(i)) {
			if (delivery.published()) {
				steps.add(() -> "worker " + i + " acknowledges " + delivery.grant(), (state) -> {
					state.beforeWrite();
					this.workers.acknowledge(state, i, delivery);
				});
			}
			else {
				steps.add(() -> "worker " + i + " publishes " + delivery.grant(),
						(state) -> this.workers.publish(state, i, delivery));
			}
		}
	}

	private void addCrash(Steps steps, int i) {
		if (steps.from.crashesLeft > 0) {
			steps.add(() -> "instance " + i + " dies", (state) -> {
				state.crashesLeft--;
				state.runs[i] = -1 - state.runs[i];
				state.deliveries.get(i).forEach((delivery) -> state.diedInDelivery |= State.bit(delivery.grant()));
				state.setDeliveries(i, List.of());
				int id = state.clients[i].id();
				state.requests = state.requests.stream().filter((request) -> request.client() != i).toList();
				state.clients[i] = new Client(null, id & (Scripts.UNDO - 1), 0, 0, null);
				drop(state, id);
				forget(state, id);
			});
		}
	}

	/**
	 * How far the model goes.
	 *
	 * @param grants how many grants there are
	 * @param operations how many operations each client begins
	 * @param losses how many answers are lost or late
	 * @param repeats how many requests the driver repeats
	 * @param crashes how often an instance dies
	 * @param failovers how often a failover loses the last write
	 */
	record Bounds(int grants, int operations, int losses, int repeats, int crashes, int failovers) {

	}

	private static final class Steps {

		private final State from;

		private final List<Step<State>> all = new ArrayList<>();

		private Steps(State from) {
			this.from = from;
		}

		private void add(Supplier<String> label, Consumer<State> change) {
			State state = this.from.copy();
			change.accept(state);
			this.all.add(new Step<>(label, state));
		}

	}

}
