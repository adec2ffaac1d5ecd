package io.locky.blocking;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.locky.redis.ScriptCall;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.connection.lettuce.LettuceConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.Assert;

/**
 * Waits until replicas have what was written: {@code WAIT}.
 * <p>
 * It speaks of the writes of its own connection, and keeps that connection busy. So a
 * call that writes goes first, on a connection that nobody else uses meanwhile. The
 * connections must not reconnect by themselves: a {@code WAIT} that is sent again to
 * another server would speak of nothing.
 *
 * @since 0.1.0
 */
public final class ReplicaAcks implements AutoCloseable {

	private static final int MOST_IDLE = 8;

	/** What was to be acknowledged is not there. */
	private static final long UNKNOWN = -1;

	private final Deque<RedisConnection> idle = new ConcurrentLinkedDeque<>();

	private final LettuceConnectionFactory connections;

	private final int replicas;

	private final Duration timeout;

	/**
	 * Creates the access to acknowledgements.
	 * @param connections gives a connection of its own to each who asks, that does not
	 * reconnect
	 * @param replicas how many replicas must acknowledge, at least 1
	 * @param timeout how long to wait for them, at least a millisecond
	 */
	public ReplicaAcks(LettuceConnectionFactory connections, int replicas, Duration timeout) {
		Assert.isTrue(replicas > 0, "'replicas' must be at least 1");
		Assert.isTrue(timeout.toMillis() > 0, "'timeout' must be at least a millisecond");
		this.connections = connections;
		this.replicas = replicas;
		this.timeout = timeout;
	}

	/**
	 * Sends a call that writes, and waits until enough replicas have the write.
	 * @param call a call that may be sent twice, and answers 1 if it wrote
	 * @return whether it wrote, and enough replicas acknowledged it in time
	 * @throws DataAccessException if Redis does not answer
	 */
	public boolean confirm(ScriptCall<Long> call) {
		RedisConnection kept = this.idle.poll();
		long acks = (kept != null) ? askKept(kept, call) : UNKNOWN;
		if (acks == UNKNOWN) {
			acks = ask(this.connections.getConnection(), call);
		}
		return acks >= this.replicas;
	}

	/** It may have died while nobody used it, or lead to a former master. */
	private long askKept(RedisConnection connection, ScriptCall<Long> call) {
		try {
			return ask(connection, call);
		}
		catch (DataAccessException ex) {
			return UNKNOWN;
		}
	}

	private long ask(RedisConnection connection, ScriptCall<Long> call) {
		long acks = UNKNOWN;
		try {
			acks = (send(connection, call) == 1) ? acknowledgements(connection) : UNKNOWN;
			return acks;
		}
		finally {
			if (acks >= this.replicas && this.idle.size() < MOST_IDLE) {
				this.idle.push(connection);
			}
			else {
				connection.close();
			}
		}
	}

	private static long send(RedisConnection connection, ScriptCall<Long> call) {
		byte[][] words = ScriptPipeline.words(call);
		try {
			return number(connection.scriptingCommands()
				.evalSha(call.script().getSha1(), ReturnType.INTEGER, call.keys().size(), words));
		}
		catch (DataAccessException ex) {
			String message = NestedExceptionUtils.getMostSpecificCause(ex).getMessage();
			if (message == null || !message.startsWith("NOSCRIPT")) {
				throw ex;
			}
			return number(connection.scriptingCommands()
				.eval(bytes(call.script().getScriptAsString()), ReturnType.INTEGER, call.keys().size(), words));
		}
	}

	private long acknowledgements(RedisConnection connection) {
		return number(((LettuceConnection) connection).execute("WAIT", new IntegerOutput<>(ByteArrayCodec.INSTANCE),
				bytes(Integer.toString(this.replicas)), bytes(Long.toString(this.timeout.toMillis()))));
	}

	private static long number(@Nullable Object answer) {
		Assert.state(answer instanceof Long, () -> "Redis answered " + answer + " instead of a number");
		return (Long) answer;
	}

	private static byte[] bytes(String word) {
		return word.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * What must be acknowledged, in words.
	 * @return how many replicas within which time
	 */
	@Override
	public String toString() {
		return "%d replica(s) within %d ms".formatted(this.replicas, this.timeout.toMillis());
	}

	@Override
	public void close() {
		RedisConnection kept = this.idle.poll();
		while (kept != null) {
			kept.close();
			kept = this.idle.poll();
		}
	}

}
