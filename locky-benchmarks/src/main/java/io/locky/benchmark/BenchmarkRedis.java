package io.locky.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.function.Consumer;

import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * A Redis server for one measurement, and templates that use it.
 */
final class BenchmarkRedis implements AutoCloseable {

	private final RedisServer server;

	private final LettuceConnectionFactory connections;

	BenchmarkRedis() throws IOException {
		int port = freePort();
		this.server = RedisServer.builder().bind("127.0.0.1").port(port).setting("save \"\"").build();
		this.server.start();
		this.connections = new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port));
		this.connections.afterPropertiesSet();
		this.connections.start();
	}

	StringRedisTemplate redis() {
		return new StringRedisTemplate(this.connections);
	}

	/**
	 * A template that acquires and releases locks, and publishes no expiries.
	 * @param ttl the length of a lease, or {@code null} for locks that do not expire
	 * @return the template
	 */
	LockyTemplate template(@Nullable Duration ttl) {
		LockySettings settings = LockySettings.builder().ttl(ttl).expiration(false).startupCheck(false).build();
		return new LockyTemplate(redis(), settings, (event) -> {
		});
	}

	/**
	 * A template that publishes expiries.
	 * @param listener receives them
	 * @return the template, already started, to be closed by the caller
	 */
	LockyTemplate publishing(Consumer<LockExpiredEvent> listener) {
		LockyTemplate instance = new LockyTemplate(redis(), LockySettings.builder().startupCheck(false).build(),
				(event) -> {
					if (event instanceof LockExpiredEvent expired) {
						listener.accept(expired);
					}
				});
		instance.start();
		return instance;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@Override
	public void close() {
		this.connections.destroy();
		this.server.stop();
	}

}
