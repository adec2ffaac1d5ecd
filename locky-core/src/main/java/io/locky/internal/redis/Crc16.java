package io.locky.internal.redis;

import java.nio.charset.StandardCharsets;

/**
 * The checksum by which Redis Cluster spreads keys: CRC-16/XMODEM.
 *
 * @see <a href=
 * "https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec"> Redis
 * Cluster specification</a>
 */
final class Crc16 {

	private static final int POLYNOMIAL = 0x1021;

	private Crc16() {
	}

	static int of(String text) {
		int checksum = 0;
		for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
			checksum ^= (next & 0xFF) << 8;
			for (int bit = 0; bit < 8; bit++) {
				checksum = ((checksum & 0x8000) != 0) ? (checksum << 1) ^ POLYNOMIAL : checksum << 1;
			}
		}
		return checksum & 0xFFFF;
	}

}
