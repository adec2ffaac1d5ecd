package io.locky.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes ids that are unique among all instances.
 */
public final class RandomId {

	private static final int LENGTH = 11;

	private static final byte[] CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		.getBytes(StandardCharsets.ISO_8859_1);

	private RandomId() {
	}

	/**
	 * Makes an id: 64 random bits in only 11 characters, because Redis keeps one with
	 * every lock and every claim.
	 * @return letters, digits, '-' and '_'
	 */
	public static String next() {
		byte[] id = new byte[LENGTH];
		long bits = ThreadLocalRandom.current().nextLong();
		for (int i = 0; i < id.length; i++) {
			id[i] = CHARACTERS[(int) (bits & 63)];
			bits >>>= 6;
		}
		return new String(id, StandardCharsets.ISO_8859_1);
	}

}
