package io.locky.internal.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnection;
import org.springframework.util.Assert;

/**
 * Waits until replicas have acknowledged a write, with the command {@code WAIT}.
 * <p>
 * The command covers the earlier writes of its own connection, and blocks that
 * connection. So a call that writes comes first, on a connection that no other thread
 * uses meanwhile. The connections must not reconnect by themselves: a {@code WAIT} that
 * is sent again to another server would cover nothing.
 */
public final class ReplicaAcks {

	/** The call did not write, or its connection was broken. */
	private static final long UNKNOWN = -1;

	private final ExclusiveConnections connections;

	private final int replicas;

	private final Duration timeout;

	/**
	 * Creates the wait for a number of replicas.
	 * @param connections the connections to the master
	 * @param replicas how many replicas must acknowledge, at least 1
	 * @param timeout how long to wait for them, at least a millisecond
	 */
	public ReplicaAcks(ExclusiveConnections connections, int replicas, Duration timeout) {
		Assert.isTrue(replicas > 0, "'replicas' must be at least 1");
		Assert.isTrue(timeout.toMillis() > 0, "'timeout' must be at least a millisecond");
		this.connections = connections;
		this.replicas = replicas;
		this.timeout = timeout;
	}

	/**
	 * Sends a call that writes, and waits until enough replicas have the write.
	 * @param call a call that may be sent twice; its result is whether it wrote
	 * @return whether it wrote and enough replicas acknowledged it in time
	 * @throws DataAccessException if Redis does not answer
	 */
	public boolean confirm(ScriptCall<Boolean> call) {
		RedisConnection idle = this.connections.pollIdle();
		long acks = (idle != null) ? writeOnIdle(idle, call) : UNKNOWN;
		if (acks == UNKNOWN) {
			acks = write(this.connections.open(), call);
		}
		return acks >= this.replicas;
	}

	private long writeOnIdle(RedisConnection connection, ScriptCall<Boolean> call) {
		try {
			return write(connection, call);
		}
		catch (DataAccessException ex) {
			return UNKNOWN;
		}
	}

	private long write(RedisConnection connection, ScriptCall<Boolean> call) {
		long acks = UNKNOWN;
		try {
			acks = ScriptRunner.runOn(connection, call) ? await(connection) : UNKNOWN;
			return acks;
		}
		finally {
			if (acks >= this.replicas) {
				this.connections.keep(connection);
			}
			else {
				connection.close();
			}
		}
	}

	private long await(RedisConnection connection) {
		Object acks = ((LettuceConnection) connection).execute("WAIT", new IntegerOutput<>(ByteArrayCodec.INSTANCE),
				bytes(Integer.toString(this.replicas)), bytes(Long.toString(this.timeout.toMillis())));
		Assert.state(acks instanceof Long, () -> "Redis replied " + acks + " instead of a number");
		return (Long) acks;
	}

	private static byte[] bytes(String word) {
		return word.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * The number of replicas and the time-out, for messages.
	 * @return the text
	 */
	@Override
	public String toString() {
		return "%d replica(s) within %d ms".formatted(this.replicas, this.timeout.toMillis());
	}

}
