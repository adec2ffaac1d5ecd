package io.locky.internal.redis;

import java.util.List;

/**
 * A part of the records.
 *
 * @param cursor where to go on, {@link #START} at the end
 * @param resources what was found
 * @since 0.1.0
 */
public record ScanReply(String cursor, List<String> resources) {

	/** The cursor of the start, and of the end. */
	public static final String START = "0";

	/**
	 * Reads the answer of the script.
	 * @param answer the answer
	 * @return what it says
	 */
	public static ScanReply read(List<Object> answer) {
		return new ScanReply((String) answer.get(0), answer.stream().skip(1).map(String.class::cast).toList());
	}

}
