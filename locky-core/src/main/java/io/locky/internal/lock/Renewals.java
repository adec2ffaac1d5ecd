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
 * The handles that are renewed, found by their resource: usually one of each.
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
	 * Marks the handles as lost whose grant has ended by an event, earlier than the next
	 * renewal would notice.
	 * @param event what happened to a lock
	 */
	void onEvent(LockyEvent event) {
		this.byResource.getOrDefault(event.getResource(), List.of())
			.stream()
			.map(Renewal::handle)
			.filter((handle) -> ends(handle.fence(), event))
			.forEach(FencedLockHandle::lose);
	}

	private static boolean ends(long fence, LockyEvent event) {
		if (event instanceof LockAcquiredEvent) {
			return event.getFence() > fence;
		}
		return (event instanceof LockReleasedEvent || event instanceof LockExpiredEvent) && event.getFence() == fence;
	}

}
