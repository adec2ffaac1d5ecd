package io.locky.internal.redis;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandType;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.RedisSystemException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Sends scripts on the native connection of a factory. {@code StringRedisTemplate} takes
 * several times the time and the memory for each of them. Every command has its own
 * codec, so that of the connection does not matter.
 */
final class NativeScripts {

	private final LettuceConnectionFactory factory;

	private final RedisClusterAsyncCommands<String, String> redis;

	private final Duration timeout;

	private NativeScripts(LettuceConnectionFactory factory, RedisClusterAsyncCommands<String, String> redis) {
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
					(RedisClusterAsyncCommands<String, String>) connection.getNativeConnection());
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
			return sendOrLoad(call);
		}
		catch (RedisException ex) {
			throw translated(ex);
		}
	}

	/**
	 * Sends a call without waiting for its reply.
	 * @param call the call
	 * @return the reply, or a {@link DataAccessException} if Redis replies with an error,
	 * or not in time
	 */
	CompletableFuture<Object> sendAsync(ScriptCall<?> call) {
		return dispatch(CommandType.EVALSHA, call, call.script().getSha1()).exceptionallyCompose((failure) -> {
			Throwable cause = unwrapped(failure);
			return (cause instanceof RedisNoScriptException)
					? dispatch(CommandType.EVAL, call, call.script().getScriptAsString())
					: CompletableFuture.failedFuture(cause);
		}).exceptionallyCompose((failure) -> CompletableFuture.failedFuture(translated(unwrapped(failure))));
	}

	/** A command that is too late is not sent any more, if it still waits for that. */
	private CompletableFuture<Object> dispatch(CommandType command, ScriptCall<?> call, String script) {
		RedisFuture<Object> reply;
		try {
			reply = sent(command, call, script);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		CompletableFuture<Object> result = reply.toCompletableFuture().copy();
		if (!this.timeout.isZero()) {
			result.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS).exceptionally((failure) -> {
				reply.cancel(true);
				return null;
			});
		}
		return result;
	}

	private static Throwable unwrapped(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

	private Throwable translated(Throwable failure) {
		if (failure instanceof TimeoutException) {
			return translated(new RedisCommandTimeoutException("Redis did not reply within " + this.timeout));
		}
		return (failure instanceof RedisException exception) ? translated(exception) : failure;
	}

	private @Nullable Object sendOrLoad(ScriptCall<?> call) {
		try {
			return await(CommandType.EVALSHA, call, call.script().getSha1());
		}
		catch (RedisNoScriptException ex) {
			return await(CommandType.EVAL, call, call.script().getScriptAsString());
		}
	}

	private @Nullable Object await(CommandType command, ScriptCall<?> call, String script) {
		return LettuceFutures.awaitOrCancel(sent(command, call, script), this.timeout.toNanos(), TimeUnit.NANOSECONDS);
	}

	private RedisFuture<Object> sent(CommandType command, ScriptCall<?> call, String script) {
		RedisFuture<Object> reply = this.redis.dispatch(command, output(call), new ScriptArguments(script, call));
		call.wasSent();
		return reply;
	}

	private DataAccessException translated(RedisException failure) {
		return Objects.requireNonNullElseGet(this.factory.translateExceptionIfPossible(failure),
				() -> new RedisSystemException("Redis failed", failure));
	}

	@SuppressWarnings("unchecked")
	private static CommandOutput<String, String, Object> output(ScriptCall<?> call) {
		CommandOutput<String, String, ?> output = (call.script().getResultType() == Long.class)
				? new IntegerOutput<>(ScriptCodec.INSTANCE) : new ScriptOutput();
		return (CommandOutput<String, String, Object>) output;
	}

}
