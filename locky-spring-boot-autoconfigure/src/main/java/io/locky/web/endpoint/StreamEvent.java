package io.locky.web.endpoint;

import java.util.Map;

/**
 * Something to tell in a live stream.
 *
 * @param name its name, or empty if it only says that the stream is alive
 * @param data what it tells
 * @since 0.1.0
 */
public record StreamEvent(String name, Map<String, ?> data) {

	/** After how many milliseconds a page connects again. */
	public static final long RETRY = 2000;

	static final StreamEvent ALIVE = new StreamEvent("", Map.of());

	static final StreamEvent MISSED = new StreamEvent("missed", Map.of());

	static StreamEvent ready(boolean broadcast) {
		return new StreamEvent("ready", Map.of("broadcast", broadcast));
	}

	/**
	 * Whether it is the first one, and tells when to connect again.
	 * @return whether to add {@link #RETRY}
	 */
	public boolean isReady() {
		return this.name.equals("ready");
	}

	/**
	 * Whether it says no more than that the stream is alive.
	 * @return whether it is a comment
	 */
	public boolean isComment() {
		return this.name.isEmpty();
	}

}
