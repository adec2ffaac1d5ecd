package io.locky.comparison;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.locky.core.LockyTemplate;
import io.locky.event.LockyEvent;
import io.locky.test.InMemoryLocks;
import io.locky.test.LockClock;
import io.locky.test.RecordedLockEvents;
import org.awaitility.core.ConditionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A sequence of random operations on memory and on Redis. Redis has a real clock: if it
 * came too close to the end of a lease, because the machine was slow, the sequence proves
 * nothing.
 */
final class ComparedSequence {

	private final Leases leases;

	private final RecordedLockEvents memoryEvents = new RecordedLockEvents();

	private final InMemoryLocks memoryLocks = new InMemoryLocks(Leases.LONG, LockClock.atRealTime(),
			this.memoryEvents::record);

	private final LockyTemplate redisLocks;

	private final Side memory;

	private final Side redis;

	private final RandomOperation.Source source;

	private final List<String> transcript = new ArrayList<>();

	private final Set<Integer> served = new HashSet<>();

	private final List<Long> starts = new ArrayList<>();

	private final List<Long> ends = new ArrayList<>();

	ComparedSequence(RandomOperation.Source source, Leases leases, LockyTemplate redisLocks,
			Supplier<Collection<LockyEvent>> redisEvents) {
		this.leases = leases;
		this.redisLocks = redisLocks;
		this.memory = new Side(this.memoryLocks, leases, () -> List.copyOf(this.memoryEvents.all()));
		this.redis = new Side(redisLocks, leases, redisEvents);
		this.source = source;
	}

	/** Makes operations, and stops at the first difference. */
	void run(int operations, boolean isLast) throws Exception {
		long start = System.nanoTime();
		this.starts.add(start);
		this.ends.add(start);
		try {
			for (int i = 0; i < operations; i++) {
				run(this.source.next(this.memory));
			}
			if (isLast) {
				endAll();
			}
		}
		finally {
			this.ends.set(this.ends.size() - 1, System.nanoTime());
		}
	}

	private void run(RandomOperation operation) throws Exception {
		String expected = this.memory.answer(() -> operation.action().apply(this.memory));
		String answer = this.redis.answer(() -> operation.action().apply(this.redis));
		this.transcript.add(operation.text() + " -> " + expected);
		assertThat(answer).as(this::toString).isEqualTo(expected);
		if (operation.waits() && !this.memory.isDone(this.memory.started() - 1)) {
			// Those who come after it must be behind it.
			soon().until(() -> this.source.resources()
				.stream()
				.allMatch(
						(resource) -> this.redisLocks.waiters(resource).size() == this.memoryLocks.waiting(resource)));
		}
		settle();
	}

	/** Requests that have waited get the same answer on both sides. */
	private void settle() throws Exception {
		for (int i = 0; i < this.memory.started(); i++) {
			if (this.memory.isDone(i) && this.served.add(i)) {
				String expected = this.memory.result(i);
				this.transcript.add("  waited " + i + " -> " + expected);
				assertThat(this.redis.result(i)).as(this::toString).isEqualTo(expected);
			}
		}
	}

	/**
	 * Lets the time pass in memory, which has passed in Redis, and compares what it did.
	 */
	void pause() throws Exception {
		this.memoryLocks.clock().advance(this.leases.pause());
		this.transcript.add("pause");
		settle();
	}

	/** Whether no lease was close to its end when it mattered. */
	boolean isConclusive() {
		for (int i = 0; i < this.starts.size(); i++) {
			if (isLate(i, i, this.leases.shorter()) || (i > 0 && isLate(i - 1, i, this.leases.medium()))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether a lease from the one phase may have ended in the other, which counts on it.
	 */
	private boolean isLate(int from, int to, Duration lease) {
		return this.ends.get(to) - this.starts.get(from) > lease.minus(this.leases.unit()).toNanos();
	}

	private void endAll() {
		for (int i = 0; i < this.memory.started(); i++) {
			this.memory.cancel(i);
			this.redis.cancel(i);
		}
		for (String locker : this.source.lockers()) {
			int released = this.memoryLocks.unlockAll(locker);
			assertThat(this.redisLocks.unlockAll(locker)).as(this::toString).isEqualTo(released);
		}
	}

	/** Compares what was published. */
	void compareEvents() {
		soon().until(() -> this.redis.countEvents() >= this.memory.countEvents()
				&& this.redis.losses() >= this.memory.losses());
		for (String resource : this.source.resources()) {
			assertThat(this.redis.events(resource)).as(this::toString).isEqualTo(this.memory.events(resource));
		}
		assertThat(this.redis.losses()).as(this::toString).isEqualTo(this.memory.losses());
		this.memoryLocks.close();
	}

	private static ConditionFactory soon() {
		return await().atMost(Duration.ofSeconds(4)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
	}

	@Override
	public String toString() {
		return String.join("\n", this.transcript);
	}

}
