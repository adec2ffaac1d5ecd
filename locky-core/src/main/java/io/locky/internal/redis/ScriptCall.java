package io.locky.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.core.script.RedisScript;

/**
 * A script with its keys and arguments, ready to be sent by any client, and the reader of
 * its reply.
 *
 * @param <R> the type of the result
 * @param script the script
 * @param keys all keys that the script uses
 * @param arguments the {@code ARGV} of the script
 * @param reader reads the result from the reply of the script
 * @param sent runs when the call is on its way and its reply is not there, or
 * {@code null}; not on all connections, and again if the call is sent again
 */
public record ScriptCall<R>(RedisScript<?> script, List<String> keys, List<String> arguments,
		Function<Object, R> reader, @Nullable Runnable sent) {

	/**
	 * Creates a call that nothing depends on while it is on its way.
	 * @param script the script
	 * @param keys all keys that the script uses
	 * @param arguments the {@code ARGV} of the script
	 * @param reader reads the result from the reply of the script
	 */
	public ScriptCall(RedisScript<?> script, List<String> keys, List<String> arguments, Function<Object, R> reader) {
		this(script, keys, arguments, reader, null);
	}

	/**
	 * Does something while the call is on its way.
	 * @param task what to do; it must not block
	 * @return the same call with the task
	 */
	public ScriptCall<R> whenSent(Runnable task) {
		return new ScriptCall<>(this.script, this.keys, this.arguments, this.reader, task);
	}

	/** The call is on its way. */
	void wasSent() {
		if (this.sent != null) {
			this.sent.run();
		}
	}

	/**
	 * Reads the reply of the script.
	 * @param reply the reply, of the type of the script
	 * @return the result
	 */
	R read(Object reply) {
		return this.reader.apply(reply);
	}

	/**
	 * The keys and arguments as bytes, in the order of {@code EVALSHA}.
	 * @return the words after the number of keys
	 */
	public byte[][] words() {
		byte[][] words = new byte[this.keys.size() + this.arguments.size()][];
		int count = 0;
		for (String key : this.keys) {
			words[count++] = key.getBytes(StandardCharsets.UTF_8);
		}
		for (String argument : this.arguments) {
			words[count++] = argument.getBytes(StandardCharsets.UTF_8);
		}
		return words;
	}

}
