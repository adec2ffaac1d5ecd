package io.locky.internal.broadcast;

import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;

/**
 * Creates the events that other instances have published from the entries of the log.
 */
final class RemoteEvents {

	private RemoteEvents() {
	}

	static LockyEvent of(Object source, LogEntry entry) {
		return switch (entry.kind()) {
			case ACQUIRED -> acquired(source, entry);
			case RELEASED -> new LockReleasedEvent(source, entry.resource(), entry.locker(), entry.fence(),
					entry.occurredAt(), entry.origin());
			case EXPIRED -> new LockExpiredEvent(source, entry.resource(), entry.locker(), entry.fence(),
					entry.occurredAt(), entry.origin());
		};
	}

	private static LockyEvent acquired(Object source, LogEntry entry) {
		String previous = entry.previousLocker();
		return (previous != null)
				? new LockTakenOverEvent(source, entry.resource(), entry.locker(), entry.fence(), entry.occurredAt(),
						previous, entry.origin())
				: new LockAcquiredEvent(source, entry.resource(), entry.locker(), entry.fence(), entry.occurredAt(),
						entry.origin());
	}

}
