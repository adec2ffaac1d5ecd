package io.locky.internal.redis;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A hint that an expiry is due before the workers look for it by themselves. <pre>
 * deadline:400:locky:{17}:deadlines   in 400 ms, in the partition with this key
 * deadline                            now, in any partition: earlier versions send it
 * </pre> It has the time that is left, and not the deadline, because the clock of an
 * instance is not that of Redis.
 *
 * @param deadlines the key of the deadlines of the partition, or {@code null} for any
 * partition
 * @param after the time until the expiry is due
 */
public record DeadlineHint(@Nullable String deadlines, Duration after) {

	private static final String ANY = "deadline";

	private static final String START = ANY + ":";

	/**
	 * Reads a hint.
	 * @param text the text as a script published it
	 * @return the hint, or {@code null} if it is another one or cannot be read
	 */
	static @Nullable DeadlineHint read(String text) {
		if (text.equals(ANY)) {
			return new DeadlineHint(null, Duration.ZERO);
		}
		int end = text.startsWith(START) ? text.indexOf(':', START.length()) : -1;
		if (end < 0) {
			return null;
		}
		try {
			long millis = Long.parseLong(text, START.length(), end, 10);
			return new DeadlineHint(text.substring(end + 1), Duration.ofMillis(Math.max(0, millis)));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * The text of a hint that an expiry is due now.
	 * @param partition where it is due
	 * @return the text
	 */
	public static String dueNow(LockyPartition partition) {
		return START + "0:" + partition.deadlines();
	}

}
