package io.locky.internal.expiration;

import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * When a worker looks at its partitions: at each of them when its next expiry is due, and
 * at all of them regularly. What is due may only become earlier, until the worker looks:
 * a look that shows no deadline does not hide one that was set meanwhile.
 * <p>
 * Hints come from other threads.
 */
final class ExpirySchedule {

	private static final long NEVER = Long.MAX_VALUE;

	private static final long AWAKE = Long.MIN_VALUE;

	private final LongSupplier nanoTime;

	/** All times count from here, so that they can be compared. */
	private final long start;

	private final Duration interval;

	/** When the next expiry of each partition is due. */
	private final long[] due;

	/** When the worker looks at all partitions. */
	private long look;

	/** Until when the worker sleeps. */
	private long wakesAt = AWAKE;

	/**
	 * Creates a schedule that begins with a look at all partitions.
	 * @param partitions how many there are
	 * @param interval the longest time between two looks at the same partition
	 * @param nanoTime the clock
	 */
	ExpirySchedule(int partitions, Duration interval, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.start = nanoTime.getAsLong();
		// A late look would miss a deadline that comes just after the interval.
		this.interval = interval.multipliedBy(19).dividedBy(20);
		this.due = new long[partitions];
		Arrays.fill(this.due, NEVER);
	}

	/** The time between two looks at all partitions. */
	Duration interval() {
		return this.interval;
	}

	/**
	 * Begins a look.
	 * @return the numbers of the partitions to look at now
	 */
	synchronized BitSet begin() {
		long now = now();
		boolean all = this.look <= now;
		if (all) {
			this.look = now + this.interval.toNanos();
		}
		BitSet numbers = new BitSet();
		for (int i = 0; i < this.due.length; i++) {
			if (all || this.due[i] <= now) {
				this.due[i] = NEVER;
				numbers.set(i);
			}
		}
		this.wakesAt = AWAKE;
		return numbers;
	}

	/**
	 * Records that a partition has something due. What comes after the next look at all
	 * partitions needs no record.
	 * @param partition the number of the partition
	 * @param after the time until then, or {@code null} for never
	 * @return whether the worker sleeps longer than that and must be woken
	 */
	synchronized boolean due(int partition, @Nullable Duration after) {
		if (after == null || after.compareTo(this.interval) > 0) {
			return false;
		}
		long time = now() + after.toNanos();
		this.due[partition] = Math.min(this.due[partition], time);
		return time < this.wakesAt;
	}

	/**
	 * Brings the look at all partitions forward.
	 * @param atMost the time until then, at most
	 */
	synchronized void look(Duration atMost) {
		this.look = Math.min(this.look, now() + atMost.toNanos());
	}

	/**
	 * Begins to sleep.
	 * @param atMost how long, at most
	 * @return how long to sleep, not negative
	 */
	synchronized Duration sleep(Duration atMost) {
		long now = now();
		long next = Math.min(this.look, now + atMost.toNanos());
		for (long time : this.due) {
			next = Math.min(next, time);
		}
		this.wakesAt = next;
		return Duration.ofNanos(Math.max(0, next - now));
	}

	private long now() {
		return this.nanoTime.getAsLong() - this.start;
	}

}
