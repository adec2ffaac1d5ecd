package io.locky.faults.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Entry;
import org.jspecify.annotations.Nullable;

/**
 * The history of clients of a lock in memory, with a clock that the test moves. Answers
 * get lost, and calls without an answer arrive late or never.
 */
final class SimulatedLock {

	private static final long MILLI = 1_000_000;

	private static final int TTL = 30;

	private final Random random;

	private final double lost;

	private final Bug bug;

	private final List<Entry> history = new ArrayList<>();

	private final PriorityQueue<Arrival> arrivals = new PriorityQueue<>(Comparator.comparingLong(Arrival::time));

	private @Nullable String holder;

	private long fence;

	private long end;

	private int left;

	/**
	 * What the lock does wrong.
	 */
	enum Bug {

		NONE, RELEASES_FOR_ANYONE, ENDS_LEASES_EARLY, REPEATS_RELEASES, DENIED_ATTEMPTS_REFRESH, LOSES_REFRESHES

	}

	SimulatedLock(long seed, double lost, Bug bug) {
		this.random = new Random(seed);
		this.lost = lost;
		this.bug = bug;
	}

	List<Entry> run(int clients, int calls) {
		this.left = calls;
		for (int i = 0; i < clients; i++) {
			next(new Client("c" + i), 0);
		}
		while (!this.arrivals.isEmpty()) {
			arrive(this.arrivals.remove());
		}
		return this.history;
	}

	private void next(Client client, long now) {
		if (this.left-- <= 0) {
			return;
		}
		long pause = (this.random.nextInt(20) == 0) ? 2 * TTL * MILLI : 0;
		long called = now + pause + this.random.nextInt(1, 1000) * 1000L;
		long time = called + this.random.nextInt(1, 2000) * 1000L;
		Operation operation = client.choose(this.random);
		if (this.random.nextDouble() < this.lost) {
			this.history.add(client.call(operation, called, time, Answer.UNKNOWN));
			if (this.random.nextBoolean()) {
				long late = time + this.random.nextInt(0, 100) * MILLI;
				this.arrivals.add(new Arrival(late, client.copy(), operation, called, true));
			}
			client.fence = null;
			next(client, time);
		}
		else {
			this.arrivals.add(new Arrival(time, client, operation, called, false));
		}
	}

	private void arrive(Arrival arrival) {
		if (this.holder != null && arrival.time() > this.end) {
			this.holder = null;
		}
		Answer answer = answer(arrival.client(), arrival.operation(), arrival.time());
		if (!arrival.late()) {
			Client client = arrival.client();
			long answered = arrival.time() + this.random.nextInt(1, 2000) * 1000L;
			this.history.add(client.call(arrival.operation(), arrival.called(), answered, answer));
			if (this.bug == Bug.REPEATS_RELEASES && arrival.operation() == Operation.RELEASE
					&& this.random.nextInt(10) == 0) {
				long repeated = arrival.time() + 2 * MILLI;
				this.arrivals.add(new Arrival(repeated, client.copy(), Operation.RELEASE, arrival.called(), true));
			}
			client.fence = answer.fence();
			next(client, answered);
		}
	}

	private Answer answer(Client client, Operation operation, long now) {
		return switch (operation) {
			case ACQUIRE -> (this.holder == null) ? grant(client, now) : deny(now);
			case TAKE_OVER -> grant(client, now);
			case REFRESH -> client.name.equals(this.holder) ? refresh(now) : Histories.refused();
			case RELEASE -> mayRelease(client) ? release() : Histories.refused();
			default -> find();
		};
	}

	private boolean mayRelease(Client client) {
		return (this.bug == Bug.RELEASES_FOR_ANYONE) ? this.holder != null : client.name.equals(this.holder);
	}

	private Answer find() {
		return (this.holder == null) ? Histories.free() : Histories.held(this.holder, this.fence);
	}

	private Answer grant(Client client, long now) {
		this.holder = client.name;
		this.fence++;
		this.end = now + (TTL - ((this.bug == Bug.ENDS_LEASES_EARLY) ? 10 : 0)) * MILLI;
		return Histories.granted(client.name, this.fence);
	}

	private Answer deny(long now) {
		if (this.bug == Bug.DENIED_ATTEMPTS_REFRESH) {
			this.end = now + TTL * MILLI;
		}
		return Histories.denied(this.holder, this.fence);
	}

	private Answer refresh(long now) {
		if (this.bug != Bug.LOSES_REFRESHES) {
			this.end = now + TTL * MILLI;
		}
		return new Answer(Answer.Kind.DONE, this.holder, this.fence);
	}

	private Answer release() {
		Answer done = new Answer(Answer.Kind.DONE, this.holder, this.fence);
		this.holder = null;
		return done;
	}

	private record Arrival(long time, Client client, Operation operation, long called, boolean late) {

	}

	private static final class Client {

		private final String name;

		private @Nullable Long fence;

		private Client(String name) {
			this.name = name;
		}

		private Client copy() {
			return new Client(this.name);
		}

		private Operation choose(Random random) {
			int chosen = random.nextInt(100);
			if (this.fence == null) {
				return (chosen < 60) ? Operation.ACQUIRE : (chosen < 80) ? Operation.FIND
						: (chosen < 82) ? Operation.TAKE_OVER : (chosen < 90) ? Operation.REFRESH : Operation.RELEASE;
			}
			return (chosen < 40) ? Operation.REFRESH : (chosen < 80) ? Operation.RELEASE : Operation.ACQUIRE;
		}

		private Call call(Operation operation, long called, long answered, Answer answer) {
			boolean attempt = operation == Operation.ACQUIRE || operation == Operation.TAKE_OVER;
			return new Call("p", operation, "a", (operation == Operation.FIND) ? null : this.name, null,
					attempt ? TTL : 0, answer, called, answered);
		}

	}

}
