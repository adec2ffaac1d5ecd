package io.locky.test.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import redis.embedded.RedisServer;
import redis.embedded.RedisServerBuilder;

/**
 * A {@code redis-server} on a free port of this machine, from the library
 * {@code org.signal:embedded-redis}, which a test must have on its class path. It keeps
 * nothing on disk and ends with the JVM. Its clock is that of the machine: only
 * {@link io.locky.test.InMemoryLocks InMemoryLocks} have one that a test sets.
 *
 * @since 0.9.0
 */
public final class EmbeddedRedis {

	private static final String HOST = "127.0.0.1";

	private static final Map<List<String>, EmbeddedRedis> SHARED = new ConcurrentHashMap<>();

	private final int port;

	private EmbeddedRedis(int port, List<String> settings) {
		this.port = port;
		RedisServerBuilder builder = RedisServer.builder()
			.bind(HOST)
			.port(port)
			.setting("save \"\"")
			.setting("appendonly no");
		settings.forEach(builder::setting);
		builder.build().start();
	}

	/**
	 * The server of this JVM with some settings, started by the first call.
	 * @param settings lines of its configuration, such as {@code maxmemory 20mb}
	 * @return the server, the same one for the same settings
	 */
	public static EmbeddedRedis shared(String... settings) {
		return SHARED.computeIfAbsent(List.of(settings), (lines) -> new EmbeddedRedis(freePort(), lines));
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("There is no free port for redis-server", ex);
		}
	}

	/**
	 * The port at which the server listens, at 127.0.0.1.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Where the server is, as the property {@code spring.data.redis.url} takes it.
	 * @return the URL
	 */
	public String url() {
		return "redis://" + HOST + ":" + this.port;
	}

}
