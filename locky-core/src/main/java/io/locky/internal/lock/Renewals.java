package io.locky.internal.lock;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.metrics.LockyMetrics.LossReason;

/**
 * The handles that are renewed, by their resources. Usually each resource has one.
 */
final class Renewals {

	private final Map<String, List<Renewal>> byResource = new ConcurrentHashMap<>();

	private int releasing;

	void add(Renewal renewal) {
		this.byResource.merge(renewal.handle().resource(), List.of(renewal),
				(present, added) -> Stream.concat(present.stream(), added.stream()).toList());
	}

	void remove(FencedLockHandle handle) {
		this.byResource.computeIfPresent(handle.resource(), (resource, present) -> {
			List<Renewal> left = present.stream().filter((renewal) -> renewal.handle() != handle).toList();
			return left.isEmpty() ? null : left;
		});
		synchronized (this) {
			notifyAll();
		}
	}

	/**
	 * Ends the renewal of a handle whose lock is released now. Until
	 * {@link #endRelease()} the connection to Redis must stay open.
	 * @param handle the handle
	 */
	synchronized void beginRelease(FencedLockHandle handle) {
		this.releasing++;
		remove(handle);
	}

	synchronized void endRelease() {
		this.releasing--;
		notifyAll();
	}

	boolean isEmpty() {
		return this.byResource.isEmpty();
	}

	int size() {
		return this.byResource.values().stream().mapToInt(List::size).sum();
	}

	/**
	 * The handles whose lock protects code that runs.
	 * @return their renewals
	 */
	List<Renewal> inUse() {
		return all().stream().filter(Renewal::isInUse).toList();
	}

	/**
	 * How many renewals are late by a whole period, which Redis has not answered.
	 * @param now the clock of the handles, in nanoseconds
	 * @return the number
	 */
	int overdue(long now) {
		return (int) all().stream().filter((renewal) -> renewal.isOverdue(now)).count();
	}

	/**
	 * Waits until no handle is in use, and no lock is just being released.
	 * @param atMost how long to wait
	 * @return the renewals of those that still are
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized List<Renewal> awaitNoneInUse(Duration atMost) throws InterruptedException {
		long end = System.nanoTime() + atMost.toNanos();
		long left = atMost.toNanos();
		while (left > 0 && (this.releasing > 0 || !inUse().isEmpty())) {
			TimeUnit.NANOSECONDS.timedWait(this, left);
			left = end - System.nanoTime();
		}
		return inUse();
	}

	List<Renewal> all() {
		return this.byResource.values().stream().flatMap(Collection::stream).toList();
	}

	/**
	 * Marks handles as lost if an event shows that their grant has ended. The next
	 * renewal would notice that too, but later.
	 * @param event what happened to a lock
	 */
	void onEvent(LockyEvent event) {
		for (Renewal renewal : this.byResource.getOrDefault(event.getResource(), List.of())) {
			if (ends(renewal.handle().fence(), event)) {
				renewal.handle().markLost(reason(event));
			}
		}
	}

	private static LossReason reason(LockyEvent event) {
		if (event instanceof LockTakenOverEvent) {
			return LossReason.TAKEN_OVER;
		}
		return (event instanceof LockReleasedEvent) ? LossReason.RELEASED : LossReason.EXPIRED;
	}

	private static boolean ends(long fence, LockyEvent event) {
		if (event instanceof LockAcquiredEvent) {
			return event.getFence() > fence;
		}
		return (event instanceof LockReleasedEvent || event instanceof LockExpiredEvent) && event.getFence() == fence;
	}

	/**
	 * A handle, and the time of its next renewal. All times are nanoseconds by the clock
	 * of the handles. Several renewals may be on their way at once.
	 */
	static final class Renewal {

		private static final long SHORTEST_RETRY = 1_000_000;

		private static final long LONGEST_RETRY = 1_000_000_000;

		private final FencedLockHandle handle;

		private final long period;

		private final boolean inUse;

		private long lastAnswered;

		private long next;

		/**
		 * Creates the renewal of a handle.
		 * @param handle the handle
		 * @param now when the attempt that was granted was sent
		 * @param period the time between two renewals
		 * @param inUse whether code that the lock protects runs until the handle is
		 * closed
		 */
		Renewal(FencedLockHandle handle, long now, long period, boolean inUse) {
			this.handle = handle;
			this.period = period;
			this.inUse = inUse;
			this.lastAnswered = now;
			this.next = now + period;
		}

		FencedLockHandle handle() {
			return this.handle;
		}

		long period() {
			return this.period;
		}

		boolean isInUse() {
			return this.inUse;
		}

		/** A little early is fine: handles that are due soon share a command. */
		boolean isDue(long now) {
			return nanosUntilDue(now) <= this.period / 8;
		}

		synchronized boolean isOverdue(long now) {
			return now - this.lastAnswered > 2 * this.period;
		}

		synchronized long nanosUntilDue(long now) {
			return this.next - now;
		}

		/** An answer that comes late does not undo that to a later renewal. */
		synchronized void succeeded(long sent) {
			if (sent - this.lastAnswered >= 0) {
				this.lastAnswered = sent;
				this.next = sent + this.period;
			}
		}

		/** The lease is long enough for several more attempts. */
		synchronized void failed(long sent, long now) {
			if (sent - this.lastAnswered > 0) {
				this.next = now + Math.max(SHORTEST_RETRY, Math.min(this.period / 4, LONGEST_RETRY));
			}
		}

	}

}
