package io.locky.faults.run;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Call.Operation;

/**
 * What applications do with locks, at random: saves under a lock, holds of people with
 * heartbeats, takeovers, waits, several locks at once, short and long leases.
 */
final class MixedWork {

	private final Client client;

	private final Random random;

	private final int resources;

	private final long allTtl;

	/**
	 * Creates the work of one thread.
	 * @param client who works
	 * @param random makes the choices
	 * @param resources how many resources all applications share
	 * @param allTtl the TTL of locks that are acquired together
	 */
	MixedWork(Client client, Random random, int resources, long allTtl) {
		this.client = client;
		this.random = random;
		this.resources = resources;
		this.allTtl = allTtl;
	}

	/** Does one thing. */
	void once() {
		String resource = resource();
		int dice = this.random.nextInt(100);
		if (dice < 45) {
			save(resource);
		}
		else if (dice < 65) {
			edit(resource);
		}
		else if (dice < 75) {
			takeOver(resource);
		}
		else if (dice < 82) {
			lockAll();
		}
		else if (dice < 88) {
			this.client.acquire(Operation.ACQUIRE, this.client.request(resource, ttl()));
		}
		else {
			administrate(resource, dice);
		}
		pause(1, 10);
	}

	private void administrate(String resource, int dice) {
		if (dice < 90) {
			this.client.release(resource, null, null);
		}
		else if (dice < 92) {
			this.client.refresh(resource, null, null);
		}
		else {
			this.client.find(resource);
		}
	}

	/** Reads, changes and writes a value while the lock is held. */
	private void save(String resource) {
		LockRequest request = this.client.request(resource, ttl());
		boolean waits = this.random.nextBoolean();
		LockHandle handle = this.client.acquire(Operation.ACQUIRE,
				waits ? request.waitUpTo(Duration.ofMillis(between(20, 500))) : request);
		if (handle == null) {
			return;
		}
		for (int i = this.random.nextInt(3); i >= 0 && handle.isValid(); i--) {
			long value = this.client.store().open(resource, handle.fence());
			pause(0, 15);
			if (value >= 0) {
				this.client.save(resource, handle.fence(), value + 1);
			}
			if (this.random.nextInt(4) == 0) {
				this.client.refresh(handle);
			}
		}
		if (this.random.nextInt(10) > 0) {
			this.client.release(handle);
		}
	}

	/** A person opens a page, which sends heartbeats until it is closed or left. */
	private void edit(String resource) {
		LockRequest request = this.client.request(resource, ttl());
		boolean reenters = this.random.nextInt(4) == 0;
		LockHandle handle = reenters ? this.client.acquire(Operation.REENTER, request.reentrant())
				: this.client.acquire(Operation.ACQUIRE, request);
		if (handle == null) {
			return;
		}
		boolean kept = true;
		for (int i = this.random.nextInt(5); i > 0 && kept; i--) {
			pause(10, 60);
			kept = this.client.refresh(resource, this.client.locker(),
					this.random.nextBoolean() ? handle.fence() : null);
		}
		if (this.random.nextInt(4) > 0) {
			this.client.release(resource, this.client.locker(), this.random.nextBoolean() ? handle.fence() : null);
		}
	}

	private void takeOver(String resource) {
		LockRequest request = this.client.request(resource, ttl());
		if (this.random.nextInt(3) == 0) {
			this.client.acquire(Operation.TAKE_OVER, request.force());
			return;
		}
		Answer shown = this.client.find(resource);
		if (shown.kind() == Kind.HELD && shown.fence() != null) {
			pause(0, 20);
			this.client.acquire(Operation.TAKE_OVER, request.takeOverFrom(shown.fence()));
		}
	}

	private void lockAll() {
		List<String> some = IntStream.range(0, this.resources)
			.filter((i) -> this.random.nextInt(this.resources) < 2)
			.mapToObj((i) -> "r" + i)
			.toList();
		if (some.isEmpty()) {
			return;
		}
		List<Long> fences = this.client.acquireAll(some, this.allTtl);
		pause(1, 20);
		for (int i = 0; i < fences.size(); i++) {
			this.client.release(some.get(i), this.client.locker(), fences.get(i));
		}
	}

	private String resource() {
		return "r" + this.random.nextInt(this.resources);
	}

	/** Mostly shorter than the pauses of the workload, sometimes much longer. */
	private long ttl() {
		return (this.random.nextInt(8) == 0) ? between(1000, 2000) : between(50, 300);
	}

	private int between(int from, int to) {
		return this.random.nextInt(from, to);
	}

	private void pause(int from, int to) {
		LockSupport.parkNanos(Duration.ofMillis(between(from, to)).toNanos());
	}

}
