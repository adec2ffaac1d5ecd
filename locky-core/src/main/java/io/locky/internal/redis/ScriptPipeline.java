package io.locky.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisPipelineException;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Sends many calls without waiting in between. If a server does not have a script yet, or
 * is moving a slot, all calls are sent again one by one, which loads the script.
 */
final class ScriptPipeline {

	private final StringRedisTemplate redis;

	ScriptPipeline(StringRedisTemplate redis) {
		this.redis = redis;
	}

	<R> List<R> run(List<ScriptCall<R>> calls, Function<ScriptCall<R>, R> single) {
		try {
			List<Object> replies = this.redis
				.executePipelined((RedisCallback<Object>) (connection) -> sendAll(connection, calls));
			List<R> read = new ArrayList<>(replies.size());
			for (int i = 0; i < calls.size(); i++) {
				read.add(calls.get(i).read(replies.get(i)));
			}
			return read;
		}
		catch (RedisPipelineException ex) {
			if (RedisErrors.isUnknownScript(ex) || RedisErrors.isSlotMoving(ex)) {
				return calls.stream().map(single).toList();
			}
			throw ex;
		}
	}

	@SuppressWarnings("NullAway") // what is pipelined must return null
	private static <R> Object sendAll(RedisConnection connection, List<ScriptCall<R>> calls) {
		for (ScriptCall<R> call : calls) {
			ReturnType type = ReturnType.fromJavaType(Objects.requireNonNull(call.script().getResultType()));
			connection.scriptingCommands().evalSha(call.script().getSha1(), type, call.keys().size(), call.words());
		}
		return null;
	}

}
