package io.locky.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

import io.locky.core.LockyTemplate;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.expiration.LockyExpirationWorker;
import io.locky.internal.lock.LocalWaiters;
import io.locky.internal.lock.LockRenewer;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockySignals;
import redis.embedded.RedisServer;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/**
 * A Redis of its own for one measurement, and the parts of Locky on it.
 */
final class BenchmarkRedis implements AutoCloseable {

	private final LockyKeys keys = LockyKeys.of(LockyKeys.DEFAULT_PREFIX);

	private final RedisServer server;

	private final LettuceConnectionFactory connections;

	private final LockySignals signals;

	BenchmarkRedis() throws IOException {
		int port = freePort();
		this.server = RedisServer.builder().bind("127.0.0.1").port(port).setting("save \"\"").build();
		this.server.start();
		this.connections = new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port));
		this.connections.afterPropertiesSet();
		this.connections.start();
		RedisMessageListenerContainer container = new RedisMessageListenerContainer();
		container.setConnectionFactory(this.connections);
		container.afterPropertiesSet();
		this.signals = new LockySignals(container, this.keys.signals());
	}

	StringRedisTemplate redis() {
		return new StringRedisTemplate(this.connections);
	}

	LockyKeys keys() {
		return this.keys;
	}

	LockyExpirationWorker worker(LockyEventPublisher publisher) {
		return new LockyExpirationWorker(redis(), this.keys, this.signals, publisher, Duration.ofSeconds(30), 4);
	}

	LockyTemplate template() {
		LockyEventPublisher nobody = new LockyEventPublisher((event) -> {
		});
		return new LockyTemplate(redis(), this.keys, null, Duration.ofSeconds(30), nobody,
				new LocalWaiters(this.signals), new LockRenewer(redis(), this.keys, nobody));
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@Override
	public void close() {
		this.signals.stop();
		this.connections.destroy();
		this.server.stop();
	}

}
