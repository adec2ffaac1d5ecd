package io.locky.internal.redis;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Reads and writes single values of replies and arguments, some of which may be missing.
 */
public final class ScriptValues {

	private ScriptValues() {
	}

	/**
	 * The rest of a lease in a reply.
	 * @param millis the milliseconds: -1 for a lease without an end, -2 for one that has
	 * ended
	 * @return the rest, or {@code null} if the lease does not end
	 */
	public static @Nullable Duration remaining(long millis) {
		return (millis == -1) ? null : Duration.ofMillis(Math.max(millis, 0));
	}

	/**
	 * A text in a reply.
	 * @param value the text, empty if there is none
	 * @return the text, or {@code null} if it is empty
	 */
	public static @Nullable String text(Object value) {
		String text = (String) value;
		return text.isEmpty() ? null : text;
	}

	/**
	 * A duration as an argument.
	 * @param duration the duration, or {@code null} for none
	 * @return the milliseconds, 0 for none
	 */
	public static String millis(@Nullable Duration duration) {
		return (duration != null) ? Long.toString(duration.toMillis()) : "0";
	}

	/**
	 * A flag as an argument.
	 * @param value the flag
	 * @return {@code 1} or an empty text
	 */
	public static String flag(boolean value) {
		return value ? "1" : "";
	}

}
