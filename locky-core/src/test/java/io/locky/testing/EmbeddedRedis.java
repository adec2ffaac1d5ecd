package io.locky.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

import redis.embedded.RedisServer;
import redis.embedded.RedisServerBuilder;

/**
 * A redis-server process on a free port. It ends with the JVM at the latest.
 */
public final class EmbeddedRedis implements AutoCloseable {

	private final int port;

	private RedisServer server;

	private final List<String> settings;

	private EmbeddedRedis(int port, String... settings) {
		this.port = port;
		this.settings = List.of(settings);
		this.server = launch();
	}

	public static EmbeddedRedis start() {
		return new EmbeddedRedis(freePort());
	}

	/**
	 * A port that is free now.
	 * @return its number
	 */
	public static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts a server on a port, for instances that were configured before it was there.
	 * @param port where it listens
	 * @param settings lines of its configuration
	 * @return the server
	 */
	public static EmbeddedRedis startOn(int port, String... settings) {
		return new EmbeddedRedis(port, settings);
	}

	public int port() {
		return this.port;
	}

	/**
	 * Stops the server. Its data is gone.
	 */
	public void stop() {
		this.server.stop();
	}

	/**
	 * Starts the stopped server again, on the same port.
	 */
	public void restart() {
		this.server = launch();
	}

	@Override
	public void close() {
		stop();
	}

	private RedisServer launch() {
		RedisServerBuilder builder = RedisServer.builder()
			.bind("127.0.0.1")
			.port(this.port)
			.setting("save \"\"")
			.setting("appendonly no");
		this.settings.forEach(builder::setting);
		RedisServer launched = builder.build();
		launched.start();
		return launched;
	}

}
