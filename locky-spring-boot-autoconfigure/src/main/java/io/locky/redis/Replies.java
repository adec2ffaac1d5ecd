package io.locky.redis;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How scripts write values that may be missing.
 */
final class Replies {

	private Replies() {
	}

	static @Nullable Duration remaining(long millis) {
		return (millis >= 0) ? Duration.ofMillis(millis) : null;
	}

	static @Nullable String text(Object value) {
		String text = (String) value;
		return text.isEmpty() ? null : text;
	}

	static String millis(@Nullable Duration duration) {
		return (duration != null) ? Long.toString(duration.toMillis()) : "0";
	}

	static String flag(boolean value) {
		return value ? "1" : "";
	}

}
