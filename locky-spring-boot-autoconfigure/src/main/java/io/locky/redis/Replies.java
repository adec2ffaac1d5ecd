package io.locky.redis;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How scripts write values that may be missing.
 */
final class Replies {

	private Replies() {
	}

	/** What is left of a lease: -1 is one without an end, -2 one that is over by now. */
	static @Nullable Duration remaining(long millis) {
		return (millis == -1) ? null : Duration.ofMillis(Math.max(millis, 0));
	}

	static @Nullable String text(Object value) {
		String text = (String) value;
		return text.isEmpty() ? null : text;
	}

	/** A part of a text that was written with its line feeds escaped. */
	static String unescaped(String part) {
		return (part.indexOf('%') < 0) ? part : part.replace("%0A", "\n").replace("%25", "%");
	}

	static String millis(@Nullable Duration duration) {
		return (duration != null) ? Long.toString(duration.toMillis()) : "0";
	}

	static String flag(boolean value) {
		return value ? "1" : "";
	}

}
