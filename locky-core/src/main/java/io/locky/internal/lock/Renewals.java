package io.locky.internal.lock;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;

/**
 * The handles that are renewed, by their resources. Usually each resource has one.
 */
final class Renewals {

	private final Map<String, List<Renewal>> byResource = new ConcurrentHashMap<>();

	void add(Renewal renewal) {
		this.byResource.merge(renewal.handle().resource(), List.of(renewal),
				(present, added) -> Stream.concat(present.stream(), added.stream()).toList());
	}

	void remove(FencedLockHandle handle) {
		this.byResource.computeIfPresent(handle.resource(), (resource, present) -> {
			List<Renewal> left = present.stream().filter((renewal) -> renewal.handle() != handle).toList();
			return left.isEmpty() ? null : left;
		});
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
		this.byResource.getOrDefault(event.getResource(), List.of())
			.stream()
			.map(Renewal::handle)
			.filter((handle) -> ends(handle.fence(), event))
			.forEach(FencedLockHandle::markLost);
	}

	private static boolean ends(long fence, LockyEvent event) {
		if (event instanceof LockAcquiredEvent) {
			return event.getFence() > fence;
		}
		return (event instanceof LockReleasedEvent || event instanceof LockExpiredEvent) && event.getFence() == fence;
	}

	/**
	 * A handle, and the time of its next renewal. All times are nanoseconds by the clock
	 * of the handles. Only one thread at a time changes it.
	 */
	static final class Renewal {

		private static final long SHORTEST_RETRY = 1_000_000;

		private static final long LONGEST_RETRY = 1_000_000_000;

		private final FencedLockHandle handle;

		private final long period;

		private volatile long next;

		Renewal(FencedLockHandle handle, long now, long period) {
			this.handle = handle;
			this.period = period;
			this.next = now + period;
		}

		FencedLockHandle handle() {
			return this.handle;
		}

		/** A little early is fine: handles that are due soon share a command. */
		boolean isDue(long now) {
			return nanosUntilDue(now) <= this.period / 8;
		}

		long nanosUntilDue(long now) {
			return this.next - now;
		}

		void succeeded(long sent) {
			this.next = sent + this.period;
		}

		/** The lease is long enough for several more attempts. */
		void failed(long now) {
			this.next = now + Math.max(SHORTEST_RETRY, Math.min(this.period / 4, LONGEST_RETRY));
		}

	}

}
