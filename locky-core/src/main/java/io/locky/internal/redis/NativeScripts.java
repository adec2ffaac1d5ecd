package io.locky.internal.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.RedisSystemException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Sends scripts on the native connection of a factory. {@code StringRedisTemplate} takes
 * several times the time and the memory for each of them.
 */
final class NativeScripts {

	private final LettuceConnectionFactory factory;

	private final RedisClusterAsyncCommands<byte[], byte[]> redis;

	private final Duration timeout;

	private NativeScripts(LettuceConnectionFactory factory, RedisClusterAsyncCommands<byte[], byte[]> redis) {
		this.factory = factory;
		this.redis = redis;
		this.timeout = factory.getClientConfiguration().getCommandTimeout();
	}

	/**
	 * Connects, unless the factory has connected already.
	 * @param factory a factory whose connection all threads share
	 * @return the access to its connection
	 * @throws DataAccessException if there is no connection
	 */
	@SuppressWarnings("unchecked")
	static NativeScripts on(LettuceConnectionFactory factory) {
		try (RedisConnection connection = factory.getConnection()) {
			return new NativeScripts(factory,
					(RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection());
		}
	}

	/**
	 * Sends a call, and waits for its reply.
	 * @param call the call
	 * @return the reply, as {@code StringRedisTemplate} returns it
	 * @throws DataAccessException if Redis replies with an error, or not in time
	 */
	@Nullable Object send(ScriptCall<?> call) {
		try {
			return sendOrLoad(call, call.words());
		}
		catch (RedisException ex) {
			throw translated(ex);
		}
	}

	private @Nullable Object sendOrLoad(ScriptCall<?> call, byte[][] words) {
		try {
			return await(CommandType.EVALSHA, call, call.script().getSha1(), words);
		}
		catch (RedisNoScriptException ex) {
			return await(CommandType.EVAL, call, call.script().getScriptAsString(), words);
		}
	}

	private @Nullable Object await(CommandType command, ScriptCall<?> call, String script, byte[][] words) {
		int keys = call.keys().size();
		CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE).add(script).add(keys);
		for (int i = 0; i < words.length; i++) {
			if (i < keys) {
				arguments.addKey(words[i]);
			}
			else {
				arguments.addValue(words[i]);
			}
		}
		Object reply = LettuceFutures.awaitOrCancel(this.redis.dispatch(command, output(call), arguments),
				this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		return (reply instanceof List<?> list) ? texts(list) : reply;
	}

	private DataAccessException translated(RedisException failure) {
		return Objects.requireNonNullElseGet(this.factory.translateExceptionIfPossible(failure),
				() -> new RedisSystemException("Redis failed", failure));
	}

	@SuppressWarnings("unchecked")
	private static CommandOutput<byte[], byte[], Object> output(ScriptCall<?> call) {
		CommandOutput<byte[], byte[], ?> output = (call.script().getResultType() == Long.class)
				? new IntegerOutput<>(ByteArrayCodec.INSTANCE) : new NestedMultiOutput<>(ByteArrayCodec.INSTANCE);
		return (CommandOutput<byte[], byte[], Object>) output;
	}

	private static List<Object> texts(List<?> reply) {
		List<Object> texts = new ArrayList<>(reply.size());
		for (Object element : reply) {
			texts.add((element instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8) : element);
		}
		return texts;
	}

}
