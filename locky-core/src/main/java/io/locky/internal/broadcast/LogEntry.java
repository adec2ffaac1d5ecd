package io.locky.internal.broadcast;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.locky.internal.redis.JsonTexts;
import io.locky.internal.redis.ScriptValues;
import io.locky.people.PresenceState;
import org.jspecify.annotations.Nullable;

/**
 * An event in the log of a partition.
 *
 * @param id its place in the log
 * @param before the place of the entry before it, by which a gap is noticed
 * @param kind what happened
 * @param resource the name of the resource
 * @param locker the present or last locker, or the person that it is about
 * @param fence the fence of the grant, or 0 if another client wrote the lock
 * @param occurredAt when it happened, by the clock of Redis
 * @param detail what the {@link Kind} says, or {@code null}
 * @param origin the name of the instance that publishes it itself
 * @param operation the operation of that instance, or {@code null} if it has no id
 */
record LogEntry(Id id, Id before, Kind kind, String resource, String locker, long fence, Instant occurredAt,
		@Nullable String detail, String origin, @Nullable String operation) {

	private static final int OPERATION = 7;

	/**
	 * Checks the detail.
	 * @throws IllegalArgumentException or {@link IndexOutOfBoundsException} if it does
	 * not fit the kind
	 */
	LogEntry {
		kind.check.accept((detail != null) ? detail : "");
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
		return new LogEntry(Id.of(id), Id.of(before), Kind.of(event.get(0)), event.get(1), event.get(2),
				Long.parseLong(event.get(3)), millis(event.get(4)), ScriptValues.text(event.get(5)), event.get(6),
				(event.size() > OPERATION) ? event.get(OPERATION) : null);
	}

	/**
	 * The detail, where it is a time.
	 * @return the time, or {@code null} if there is no detail
	 */
	@Nullable Instant detailTime() {
		return (this.detail != null) ? millis(this.detail) : null;
	}

	/** Whether it was released without naming its locker or fence. */
	boolean isForced() {
		return "forced".equals(this.detail);
	}

	private static Instant millis(String text) {
		return Instant.ofEpochMilli(Long.parseLong(text));
	}

	/** What happened. The kind decides what the detail is. */
	enum Kind {

		/** It was acquired. The detail is the locker from whom it was taken over. */
		ACQUIRED(Kind::any),

		/** It was released. The detail is {@code forced} if nobody was named. */
		RELEASED(Kind::any),

		/** Its lease ended. */
		EXPIRED(Kind::any),

		/** Its holder became idle. The detail is since when, in ms. */
		IDLE(Long::parseLong),

		/** Its holder became active again. */
		ACTIVE(Kind::any),

		/** Its holder was asked to hand it over. The detail is the request. */
		ASKED(LoggedHandover::read),

		/** Its holder answered. The detail is the request, with the answer. */
		ANSWERED(LoggedHandover::readAnswered),

		/** The request was withdrawn. The detail is the request. */
		WITHDRAWN(LoggedHandover::read),

		/**
		 * Somebody looks at its resource, or does so no longer. The detail is the state.
		 */
		PRESENCE((text) -> text.isEmpty() || PresenceState.valueOf(text.toUpperCase(Locale.ROOT)) != null),

		/** It is offered to the first in its line. The detail is until when, in ms. */
		OFFERED(Long::parseLong),

		/** A locker joined its line. The detail is the length of the line since then. */
		JOINED(Integer::parseInt),

		/** A locker left its line. The detail is the length of the line since then. */
		LEFT(Integer::parseInt);

		private static final Map<String, Kind> BY_TEXT = Arrays.stream(values())
			.collect(Collectors.toMap((kind) -> kind.name().toLowerCase(Locale.ROOT), Function.identity()));

		/** Throws an exception if a detail does not fit. */
		private final Consumer<String> check;

		Kind(Function<String, ?> reader) {
			this.check = reader::apply;
		}

		private static String any(String detail) {
			return detail;
		}

		private static Kind of(String text) {
			Kind kind = BY_TEXT.get(text);
			if (kind == null) {
				throw new IllegalArgumentException("An event of an unknown kind: " + text);
			}
			return kind;
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
