package io.locky.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.lettuce.core.codec.RedisCodec;

/**
 * Texts in UTF-8. That of the driver allocates three more objects for each text that it
 * reads.
 */
final class ScriptCodec implements RedisCodec<String, String> {

	static final ScriptCodec INSTANCE = new ScriptCodec();

	private ScriptCodec() {
	}

	@Override
	public String decodeKey(ByteBuffer bytes) {
		return decodeValue(bytes);
	}

	@Override
	public String decodeValue(ByteBuffer bytes) {
		byte[] text = new byte[bytes.remaining()];
		bytes.get(text);
		return new String(text, StandardCharsets.UTF_8);
	}

	@Override
	public ByteBuffer encodeKey(String key) {
		return encodeValue(key);
	}

	@Override
	public ByteBuffer encodeValue(String value) {
		return ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
	}

}
