package io.locky.blocking;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import io.locky.redis.ScriptCall;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisPipelineException;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Sends many calls without waiting in between. Where a server does not know a script yet,
 * or is moving a slot, all are sent again one by one, which makes it known.
 */
final class ScriptPipeline {

	private final StringRedisTemplate redis;

	ScriptPipeline(StringRedisTemplate redis) {
		this.redis = redis;
	}

	@SuppressWarnings("unchecked")
	<T> List<T> run(List<ScriptCall<T>> calls, Function<ScriptCall<T>, T> single) {
		try {
			return (List<T>) this.redis
				.executePipelined((RedisCallback<Object>) (connection) -> sendAll(connection, calls));
		}
		catch (RedisPipelineException ex) {
			if (isUnknownScript(ex) || SlotMigration.isUnderWay(ex)) {
				return calls.stream().map(single).toList();
			}
			throw ex;
		}
	}

	private static boolean isUnknownScript(Exception failure) {
		String message = NestedExceptionUtils.getMostSpecificCause(failure).getMessage();
		return message != null && message.contains("NOSCRIPT");
	}

	@SuppressWarnings("NullAway") // what is pipelined must return null
	private static <T> Object sendAll(RedisConnection connection, List<ScriptCall<T>> calls) {
		for (ScriptCall<T> call : calls) {
			ReturnType type = ReturnType.fromJavaType(Objects.requireNonNull(call.script().getResultType()));
			connection.scriptingCommands().evalSha(call.script().getSha1(), type, call.keys().size(), words(call));
		}
		return null;
	}

	static byte[][] words(ScriptCall<?> call) {
		return Stream.concat(call.keys().stream(), call.arguments().stream())
			.map((word) -> word.getBytes(StandardCharsets.UTF_8))
			.toArray(byte[][]::new);
	}

}
