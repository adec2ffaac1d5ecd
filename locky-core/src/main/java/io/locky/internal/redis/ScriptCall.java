package io.locky.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import org.springframework.data.redis.core.script.RedisScript;

/**
 * A script with its keys and arguments, ready to be sent by any client, and the reader of
 * its reply.
 *
 * @param <R> what the reply says
 * @param script the script
 * @param keys all keys that the script touches
 * @param arguments what the header of the script calls {@code ARGV}
 * @param reader turns the reply of the script into its meaning
 */
public record ScriptCall<R>(RedisScript<?> script, List<String> keys, List<String> arguments,
		Function<Object, R> reader) {

	/**
	 * Reads the reply of the script.
	 * @param reply the reply, as the type of the script
	 * @return what it says
	 */
	R read(Object reply) {
		return this.reader.apply(reply);
	}

	/**
	 * The keys and arguments as bytes, in the order that {@code EVALSHA} takes them.
	 * @return the words that follow the number of keys
	 */
	public byte[][] words() {
		return Stream.concat(this.keys.stream(), this.arguments.stream())
			.map((word) -> word.getBytes(StandardCharsets.UTF_8))
			.toArray(byte[][]::new);
	}

}
