package io.locky.web.internal.endpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something to tell in a live stream.
 *
 * @param name its name
 * @param data what it tells
 * @since 0.1.0
 */
public record StreamEvent(String name, Map<String, ?> data) {

	/** After how many milliseconds a page connects again. */
	public static final long RETRY = 2000;

	/**
	 * An event and no comment, which the page would not see: so it finds a connection
	 * that is dead.
	 */
	static final StreamEvent ALIVE = new StreamEvent("alive", Map.of());

	static final StreamEvent MISSED = new StreamEvent("missed", Map.of());

	static StreamEvent ready(StreamSettings settings) {
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("broadcast", settings.broadcast());
		data.put("alive", settings.heartbeat().toMillis() / 1000.0);
		return new StreamEvent("ready", data);
	}

	/**
	 * Whether it is the first one, and tells when to connect again.
	 * @return whether to add {@link #RETRY}
	 */
	public boolean isReady() {
		return this.name.equals("ready");
	}

}
