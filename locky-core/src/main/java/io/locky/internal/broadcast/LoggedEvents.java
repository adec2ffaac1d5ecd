package io.locky.internal.broadcast;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

import io.locky.event.HandoverAnsweredEvent;
import io.locky.event.HandoverEvent;
import io.locky.event.HandoverRequestedEvent;
import io.locky.event.HandoverWithdrawnEvent;
import io.locky.event.LineChangedEvent;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockAttentionEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockOfferedEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.event.PresenceChangedEvent;
import io.locky.people.PresenceState;
import org.jspecify.annotations.Nullable;

/**
 * Creates events from the entries of the log.
 */
final class LoggedEvents {

	private LoggedEvents() {
	}

	/** The event that another instance has published. */
	static LockyEvent remote(Object source, LogEntry entry) {
		return of(source, entry, entry.origin());
	}

	/** The event that this instance has not published. */
	static LockyEvent own(Object source, LogEntry entry) {
		return of(source, entry, null);
	}

	private static LockyEvent of(Object source, LogEntry entry, @Nullable String origin) {
		return switch (entry.kind()) {
			case ACQUIRED -> acquired(source, entry, origin);
			case RELEASED -> new LockReleasedEvent(source, entry.resource(), entry.locker(), entry.fence(),
					entry.occurredAt(), entry.isForced(), origin);
			case EXPIRED -> new LockExpiredEvent(source, entry.resource(), entry.locker(), entry.fence(),
					entry.occurredAt(), origin);
			default -> ofPeople(source, entry, origin);
		};
	}

	private static LockyEvent ofPeople(Object source, LogEntry entry, @Nullable String origin) {
		return switch (entry.kind()) {
			case IDLE, ACTIVE -> new LockAttentionEvent(source, entry.resource(), entry.locker(), entry.fence(),
					entry.occurredAt(), entry.detailTime(), origin);
			case ASKED, ANSWERED, WITHDRAWN -> handover(source, entry, LoggedHandover.read(detail(entry)), origin);
			case PRESENCE -> new PresenceChangedEvent(source, entry.resource(), entry.locker(), entry.occurredAt(),
					state(entry.detail()), origin);
			case OFFERED -> new LockOfferedEvent(source, entry.resource(), entry.locker(), entry.occurredAt(),
					Instant.ofEpochMilli(Long.parseLong(detail(entry))), origin);
			case JOINED, LEFT -> new LineChangedEvent(source, entry.resource(), entry.locker(), entry.occurredAt(),
					entry.kind() == LogEntry.Kind.JOINED, Integer.parseInt(detail(entry)), origin);
			default -> throw new IllegalStateException("Not about people: " + entry.kind());
		};
	}

	private static HandoverEvent handover(Object source, LogEntry entry, LoggedHandover about,
			@Nullable String origin) {
		return switch (entry.kind()) {
			case ASKED ->
				new HandoverRequestedEvent(source, entry.resource(), entry.locker(), entry.fence(), entry.occurredAt(),
						about.request(), about.asker(), about.note(), about.askedAt(), about.claimableAt(), origin);
			case WITHDRAWN ->
				new HandoverWithdrawnEvent(source, entry.resource(), entry.locker(), entry.fence(), entry.occurredAt(),
						about.request(), about.asker(), about.note(), about.askedAt(), about.claimableAt(), origin);
			default -> new HandoverAnsweredEvent(source, entry.resource(), entry.locker(), entry.fence(),
					entry.occurredAt(), about.request(), about.asker(), about.note(), about.askedAt(),
					about.claimableAt(), Objects.requireNonNull(about.decision()), about.reason(), origin);
		};
	}

	private static @Nullable PresenceState state(@Nullable String text) {
		return (text != null) ? PresenceState.valueOf(text.toUpperCase(Locale.ROOT)) : null;
	}

	private static String detail(LogEntry entry) {
		return Objects.requireNonNull(entry.detail());
	}

	private static LockyEvent acquired(Object source, LogEntry entry, @Nullable String origin) {
		String previous = entry.detail();
		return (previous != null)
				? new LockTakenOverEvent(source, entry.resource(), entry.locker(), entry.fence(), entry.occurredAt(),
						previous, origin)
				: new LockAcquiredEvent(source, entry.resource(), entry.locker(), entry.fence(), entry.occurredAt(),
						origin);
	}

}
