package io.locky;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The settings of what is kept for people around locks. Requests to hand over a lock and
 * presence need none.
 *
 * @param line how people wait in lines for locks, or {@code null} if there are no lines
 * @param history how the history of locks is kept in Redis, or {@code null} if it is not
 * @since 0.9.0
 */
public record PeopleSettings(@Nullable Line line, @Nullable History history) {

	/** Neither lines nor a history. */
	public static final PeopleSettings NONE = new PeopleSettings(null, null);

	/**
	 * Adds lines.
	 * @param settings how people wait in them
	 * @return new settings
	 */
	public PeopleSettings with(Line settings) {
		return new PeopleSettings(settings, this.history);
	}

	/**
	 * Adds a history.
	 * @param settings how it is kept
	 * @return new settings
	 */
	public PeopleSettings with(History settings) {
		return new PeopleSettings(this.line, settings);
	}

	/**
	 * How people wait in lines for locks.
	 *
	 * @param placeTtl how long a place is kept unless it is refreshed
	 * @param offer how long the first in the line is offered a free lock
	 */
	public record Line(Duration placeTtl, Duration offer) {

		/** A place is kept for 30 s, and the lock is offered for 10 s. */
		public static final Line DEFAULT = new Line(Duration.ofSeconds(30), Duration.ofSeconds(10));

		/**
		 * Checks the values.
		 * @param placeTtl from 1 s to 1 hour
		 * @param offer from 1 s to 1 hour
		 */
		public Line {
			requireUpToAnHour(placeTtl, "placeTtl");
			requireUpToAnHour(offer, "offer");
		}

		private static void requireUpToAnHour(Duration length, String setting) {
			InvalidSettingException.require(
					length.compareTo(Duration.ofSeconds(1)) >= 0 && length.compareTo(Duration.ofHours(1)) <= 0, setting,
					() -> "must be from 1 second to 1 hour, but is " + length);
		}

	}

	/**
	 * How the history of locks is kept in Redis.
	 *
	 * @param length how many holds of each resource are kept
	 * @param retention how long the history of a resource is kept after its last hold
	 */
	public record History(int length, Duration retention) {

		/** 100 holds of each resource, for 30 days. */
		public static final History DEFAULT = new History(100, Duration.ofDays(30));

		/**
		 * Checks the values.
		 * @param length from 1 to 10 000
		 * @param retention from 1 s to 365 days
		 */
		public History {
			InvalidSettingException.require(length >= 1 && length <= 10_000, "length",
					() -> "must be from 1 to 10000, but is " + length);
			InvalidSettingException.require(LeaseTime.require(retention, "retention").toSeconds() > 0, "retention",
					() -> "must be at least 1 second, but is " + retention);
		}

	}

}
