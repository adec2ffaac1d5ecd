package io.locky.benchmark.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import redis.embedded.RedisServer;
import redis.embedded.RedisServerBuilder;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A redis-server on a free port. The libraries connect to the port, as applications do,
 * also from the JVMs that JMH forks.
 */
public final class BenchmarkRedis implements AutoCloseable {

	public static final String HOST = "127.0.0.1";

	private final int port;

	private final RedisServer server;

	private BenchmarkRedis(int port, String... settings) {
		this.port = port;
		RedisServerBuilder builder = RedisServer.builder().bind(HOST).port(port).setting("save \"\"");
		for (String setting : settings) {
			builder.setting(setting);
		}
		this.server = builder.build();
		this.server.start();
	}

	/**
	 * Starts a server.
	 * @param settings lines of its configuration
	 * @return the server, to be closed by the caller
	 */
	public static BenchmarkRedis start(String... settings) {
		return new BenchmarkRedis(freePort(), settings);
	}

	static BenchmarkRedis startOn(int port, String... settings) {
		return new BenchmarkRedis(port, settings);
	}

	static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Connects with the defaults of Spring Data Redis.
	 * @param port where a server listens
	 * @return the connections of one application, to be destroyed by the caller
	 */
	public static LettuceConnectionFactory connect(int port) {
		LettuceConnectionFactory connections = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration(HOST, port));
		connections.afterPropertiesSet();
		connections.start();
		return connections;
	}

	/**
	 * Starts a server, and asks it for its version.
	 * @return the version
	 */
	public static String version() {
		try (BenchmarkRedis redis = start()) {
			return RedisInfo.read(redis.port).getProperty("redis_version");
		}
	}

	public int port() {
		return this.port;
	}

	/**
	 * How many clients receive what is published.
	 * @return the number of clients that have subscribed
	 */
	public int subscribers() {
		return (int) RedisInfo.send(this.port, "CLIENT LIST TYPE pubsub").lines().count();
	}

	/** Deletes all keys, and forgets what was measured. */
	public void clear() {
		RedisInfo.send(this.port, "FLUSHALL");
		RedisInfo.send(this.port, "CONFIG RESETSTAT");
	}

	@Override
	public void close() {
		this.server.stop();
	}

}
