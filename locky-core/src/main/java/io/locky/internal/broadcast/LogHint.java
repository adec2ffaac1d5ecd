package io.locky.internal.broadcast;

import io.locky.internal.redis.LockyPartition;

/**
 * An event that has just been added to a log, as it is told on the channel of hints.
 *
 * @param log the name of the log, see {@link LockyPartition#log()}
 * @param entry the event
 * @since 0.1.0
 */
public record LogHint(String log, LogEntry entry) {

	private static final String START = "event:";

	private static final int FIELDS = 4;

	/**
	 * Reads a hint.
	 * @param hint the text of the hint, as the script wrote it
	 * @return the event
	 * @throws RuntimeException if a script did not write it
	 */
	public static LogHint parse(String hint) {
		String[] fields = hint.substring(START.length()).split("\n", FIELDS);
		return new LogHint(fields[0], LogEntry.parse(fields[2], fields[1], fields[3]));
	}

}
