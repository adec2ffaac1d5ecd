package io.locky.internal.broadcast;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.locky.internal.redis.JsonTexts;
import io.locky.internal.redis.ScriptValues;
import org.jspecify.annotations.Nullable;

/**
 * An event in the log of a partition.
 *
 * @param id its place in the log
 * @param before the place of the entry before it, by which a gap is noticed
 * @param kind what happened
 * @param resource the name of the resource
 * @param locker the present or last locker
 * @param fence the fence of the grant, or 0 if another client wrote the lock
 * @param occurredAt when it happened, by the clock of Redis
 * @param detail of a grant the locker from whom the lock was taken over, see the kinds;
 * or {@code null}
 * @param origin the name of the instance that publishes it itself
 * @param operation the operation of that instance, or {@code null} if it has no id
 * @param handover the request to hand over the lock that it is about, or {@code null}
 */
record LogEntry(Id id, Id before, Kind kind, String resource, String locker, long fence, Instant occurredAt,
		@Nullable String detail, String origin, @Nullable String operation, @Nullable LoggedHandover handover) {

	private static final int OPERATION = 7;

	private static final Set<Kind> HANDOVERS = EnumSet.of(Kind.ASKED, Kind.ANSWERED, Kind.WITHDRAWN);

	LogEntry {
		if (kind == Kind.IDLE) {
			millis(detail);
		}
	}

	/**
	 * Since when the holder is idle.
	 * @return the time, or {@code null} if this is not about that
	 */
	@Nullable Instant idleSince() {
		return (this.kind == Kind.IDLE) ? millis(this.detail) : null;
	}

	private static Instant millis(@Nullable String text) {
		return Instant.ofEpochMilli(Long.parseLong((text != null) ? text : ""));
	}

	/**
	 * Reads an entry of the log.
	 * @param id its id
	 * @param before the id of the entry before it
	 * @param event the event, as {@code log_event} in {@code prelude.lua} wrote it
	 * @return the entry, or {@code null} if it has a format that this version cannot read
	 */
	static @Nullable LogEntry read(String id, String before, String event) {
		if (!JsonTexts.isFirstFormat(event)) {
			return null;
		}
		try {
			return of(id, before, JsonTexts.read(event));
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			return null;
		}
	}

	/**
	 * Takes the texts of an event. <pre>
	 * ["acquired","article:12","21","1718000000000000","1718000000000","20","instance-1","kX9vT2"]
	 *  kind, resource, locker, fence, time in ms, detail or "", instance, its operation if any
	 * </pre> Elements after these are of a later version, and ignored.
	 */
	static LogEntry of(String id, String before, List<String> event) {
		Kind kind = kind(event.get(0));
		LoggedHandover handover = HANDOVERS.contains(kind) ? LoggedHandover.read(event.get(5)) : null;
		if (kind == Kind.ANSWERED && (handover == null || handover.decision() == null)) {
			throw new IllegalArgumentException("An answer without a decision");
		}
		if (kind.hasNumber) {
			Long.parseLong(event.get(5));
		}
		return new LogEntry(Id.of(id), Id.of(before), kind, event.get(1), event.get(2), Long.parseLong(event.get(3)),
				Instant.ofEpochMilli(Long.parseLong(event.get(4))),
				(handover != null) ? null : ScriptValues.text(event.get(5)), event.get(6),
				(event.size() > OPERATION) ? event.get(OPERATION) : null, handover);
	}

	private static Kind kind(String text) {
		return switch (text) {
			case "acquired" -> Kind.ACQUIRED;
			case "released" -> Kind.RELEASED;
			case "expired" -> Kind.EXPIRED;
			case "presence" -> Kind.PRESENCE;
			case "asked" -> Kind.ASKED;
			case "answered" -> Kind.ANSWERED;
			case "withdrawn" -> Kind.WITHDRAWN;
			case "idle" -> Kind.IDLE;
			case "active" -> Kind.ACTIVE;
			case "offered" -> Kind.OFFERED;
			case "joined" -> Kind.JOINED;
			case "left" -> Kind.LEFT;
			default -> throw new IllegalArgumentException("An event of an unknown kind: " + text);
		};
	}

	/** What happened to a lock. */
	enum Kind {

		/** It was acquired. */
		ACQUIRED(false),

		/** It was released. */
		RELEASED(false),

		/** Its lease ended. */
		EXPIRED(false),

		/**
		 * Somebody looks at its resource, or does so no longer. The detail is the state.
		 */
		PRESENCE(false),

		/** Its holder was asked to hand it over. */
		ASKED(false),

		/** Its holder answered. */
		ANSWERED(false),

		/** The request was withdrawn. */
		WITHDRAWN(false),

		/** Its holder became idle; the detail says since when. */
		IDLE(true),

		/** Its holder became active again. */
		ACTIVE(false),

		/** It is offered to the first in its line; the detail is the end of the offer. */
		OFFERED(true),

		/** A locker joined its line; the detail is the length of the line since then. */
		JOINED(true),

		/** A locker left its line; the detail is the length of the line since then. */
		LEFT(true);

		/** Whether the detail is a number. */
		private final boolean hasNumber;

		Kind(boolean hasNumber) {
			this.hasNumber = hasNumber;
		}

	}

	/**
	 * The place of an entry in its log: the id of a Redis stream entry.
	 *
	 * @param millis the time of the entry, by the clock of Redis unless that ran
	 * backwards
	 * @param sequence its number among those of the same millisecond
	 */
	record Id(long millis, long sequence) implements Comparable<Id> {

		/** Before all entries. */
		static final Id START = new Id(0, 0);

		static Id of(String text) {
			int dash = text.indexOf('-');
			return new Id(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
		}

		@Override
		public int compareTo(Id other) {
			int byTime = Long.compare(this.millis, other.millis);
			return (byTime != 0) ? byTime : Long.compare(this.sequence, other.sequence);
		}

		@Override
		public String toString() {
			return this.millis + "-" + this.sequence;
		}

	}

}
