package io.locky.benchmark.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A Redis Cluster of masters without replicas.
 */
public final class BenchmarkCluster implements AutoCloseable {

	private static final int SLOTS = 16384;

	/** The bus of a node is a port 10000 above its own. */
	private static final int HIGHEST_PORT = 55_000;

	private final List<BenchmarkRedis> masters = new ArrayList<>();

	/**
	 * Starts the masters, and waits until each can answer for all slots.
	 * @param count how many
	 */
	public BenchmarkCluster(int count) {
		for (int i = 0; i < count; i++) {
			this.masters.add(start());
		}
		for (int i = 0; i < count; i++) {
			String slots = IntStream.range(i * SLOTS / count, (i + 1) * SLOTS / count)
				.mapToObj(Integer::toString)
				.collect(Collectors.joining(" "));
			RedisInfo.send(this.masters.get(i).port(), "CLUSTER ADDSLOTS " + slots);
			RedisInfo.send(this.masters.get(0).port(),
					"CLUSTER MEET %s %d".formatted(BenchmarkRedis.HOST, this.masters.get(i).port()));
		}
		while (!this.masters.stream().allMatch(BenchmarkCluster::isHealthy)) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
		}
	}

	private static BenchmarkRedis start() {
		int port = BenchmarkRedis.freePort();
		while (port > HIGHEST_PORT) {
			port = BenchmarkRedis.freePort();
		}
		try {
			Path directory = Files.createTempDirectory("locky-benchmark");
			return BenchmarkRedis.startOn(port, "dir " + directory, "cluster-enabled yes");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isHealthy(BenchmarkRedis master) {
		String info = RedisInfo.send(master.port(), "CLUSTER INFO");
		return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:" + SLOTS);
	}

	/**
	 * Connects one application.
	 * @return its connections, to be destroyed by the caller
	 */
	public LettuceConnectionFactory connect() {
		List<String> nodes = this.masters.stream().map((node) -> BenchmarkRedis.HOST + ":" + node.port()).toList();
		LettuceConnectionFactory connections = new LettuceConnectionFactory(new RedisClusterConfiguration(nodes));
		connections.afterPropertiesSet();
		connections.start();
		return connections;
	}

	/**
	 * What all masters did so far.
	 * @return the sum of their commands, those inside scripts included
	 */
	public long commands() {
		return this.masters.stream()
			.map((master) -> ServerLoad.read(master.port()))
			.mapToLong((load) -> load.scripts() + load.plainCommands())
			.sum();
	}

	@Override
	public void close() {
		this.masters.forEach(BenchmarkRedis::close);
	}

}
