package io.locky.internal.redis;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.Assert;

/**
 * Connections to the same master as those of another factory, for commands that depend on
 * their connection. Each is used by one thread at a time, and none of them reconnects. Up
 * to eight are kept for later use.
 */
public final class ExclusiveConnections implements AutoCloseable {

	private static final int MOST_IDLE = 8;

	private final Deque<RedisConnection> idle = new ConcurrentLinkedDeque<>();

	private final LettuceConnectionFactory factory;

	private ExclusiveConnections(LettuceConnectionFactory factory) {
		this.factory = factory;
	}

	/**
	 * Creates connections on demand.
	 * @param other the factory whose servers, credentials and client options are used; a
	 * choice of replicas to read from is not
	 * @return the connections, to be closed by the caller
	 */
	public static ExclusiveConnections like(LettuceConnectionFactory other) {
		RedisConfiguration servers = RedisSettings.servers(other);
		Assert.state(servers != null, "The servers of the connection factory cannot be read");
		LettuceConnectionFactory factory = new LettuceConnectionFactory(servers, RedisSettings.client(other,
				RedisSettings.options(other, false), other.getClientConfiguration().getClientResources().orElse(null)));
		factory.setShareNativeConnection(false);
		factory.afterPropertiesSet();
		factory.start();
		return new ExclusiveConnections(factory);
	}

	/**
	 * Returns a connection that was kept. It may be broken, or lead to a former master.
	 * @return the connection, or {@code null} if there is none
	 */
	@Nullable RedisConnection pollIdle() {
		return this.idle.poll();
	}

	RedisConnection open() {
		return this.factory.getConnection();
	}

	/** Keeps a connection for later use, or closes it if enough are kept. */
	void keep(RedisConnection connection) {
		if (this.idle.size() < MOST_IDLE) {
			this.idle.push(connection);
		}
		else {
			connection.close();
		}
	}

	@Override
	public void close() {
		RedisConnection kept = this.idle.poll();
		while (kept != null) {
			kept.close();
			kept = this.idle.poll();
		}
		this.factory.destroy();
	}

}
