package io.locky.internal.redis;

import java.util.List;

/**
 * The result of scanning a part of the records.
 *
 * @param cursor where to continue, {@link #START} at the end
 * @param resources the names of the resources that were found
 */
public record ScanReply(String cursor, List<String> resources) {

	/** The cursor of the start and of the end. */
	public static final String START = "0";

	/**
	 * Reads the reply of a script.
	 * @param reply the reply
	 * @return its meaning
	 */
	public static ScanReply read(List<Object> reply) {
		return new ScanReply((String) reply.get(0), reply.stream().skip(1).map(String.class::cast).toList());
	}

}
