package io.locky.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;

/**
 * One server of a Redis Cluster.
 */
final class ClusterNode implements AutoCloseable {

	private final EmbeddedRedis server;

	/** Bound to the port of a server that is gone. */
	private final Socket taken = new Socket();

	private ClusterNode(EmbeddedRedis server) {
		this.server = server;
	}

	/** On a port whose cluster bus, 10000 above it, is a port as well. */
	static ClusterNode start() {
		int port = EmbeddedRedis.freePort();
		while (port > 55_000) {
			port = EmbeddedRedis.freePort();
		}
		try {
			Path directory = Files.createTempDirectory("locky-cluster");
			return new ClusterNode(EmbeddedRedis.startOn(port, "dir " + directory, "cluster-enabled yes",
					"cluster-node-timeout 1000"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int port() {
		return this.server.port();
	}

	String address() {
		return "127.0.0.1:" + port();
	}

	String id() {
		return query(RedisCommands::clusterMyId);
	}

	boolean reports(String clusterInfo) {
		return query(RedisCommands::clusterInfo).contains(clusterInfo);
	}

	String replication() {
		return query((commands) -> commands.info("replication"));
	}

	void run(Consumer<RedisCommands<String, String>> action) {
		query((commands) -> {
			action.accept(commands);
			return true;
		});
	}

	<T> T query(Function<RedisCommands<String, String>, T> question) {
		RedisClient client = RedisClient.create("redis://" + address());
		try (StatefulRedisConnection<String, String> connection = client.connect()) {
			return question.apply(connection.sync());
		}
		finally {
			client.shutdown(Duration.ZERO, Duration.ZERO);
		}
	}

	/**
	 * Stops the server. Its port stays taken, and nobody listens there: clients that try
	 * it must not reach another process, nor themselves.
	 */
	void stop() {
		this.server.stop();
		try {
			this.taken.setReuseAddress(true);
			this.taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.server.stop();
		try {
			this.taken.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
