package io.locky.faults.run;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.faults.history.Call.Operation;

/**
 * Increments counters that nothing but a lock protects.
 */
final class CounterWork {

	private final Client client;

	private final Random random;

	private final int counters;

	private final AtomicLong increments;

	CounterWork(Client client, Random random, int counters, AtomicLong increments) {
		this.client = client;
		this.random = random;
		this.counters = counters;
		this.increments = increments;
	}

	/** Increments one of them. */
	void once() {
		String counter = "c" + this.random.nextInt(this.counters);
		LockRequest request = this.client.request(counter, 20_000).waitUpTo(Duration.ofSeconds(20));
		LockHandle handle = this.client.acquire(Operation.ACQUIRE, request);
		if (handle == null) {
			return;
		}
		long value = this.client.store().open(counter, handle.fence());
		long plain = this.client.store().read(counter);
		if (value >= 0) {
			this.client.save(counter, handle.fence(), value + 1);
		}
		this.client.store().write(counter, plain + 1);
		this.increments.incrementAndGet();
		this.client.release(handle);
	}

}
