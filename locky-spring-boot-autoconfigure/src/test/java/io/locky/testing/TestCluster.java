package io.locky.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.awaitility.Awaitility.await;

/**
 * A Redis Cluster of three masters with a replica each, on free ports. It ends with the
 * JVM at the latest.
 */
public final class TestCluster implements AutoCloseable {

	private static final int MASTERS = 3;

	private static final int SLOTS = 16384;

	private final List<EmbeddedRedis> nodes = new ArrayList<>();

	public TestCluster() {
		for (int i = 0; i < 2 * MASTERS; i++) {
			this.nodes.add(startNode());
		}
		for (int i = 0; i < MASTERS; i++) {
			int first = i * SLOTS / MASTERS;
			int last = (i + 1) * SLOTS / MASTERS;
			onNode(i, (node) -> node.clusterAddSlots(IntStream.range(first, last).toArray()));
		}
		for (EmbeddedRedis node : this.nodes) {
			onNode(0, (first) -> first.clusterMeet("127.0.0.1", node.port()));
		}
		await().atMost(Duration.ofSeconds(30)).until(() -> ask(0, "cluster_known_nodes:6"));
		for (int i = 0; i < MASTERS; i++) {
			String master = id(i);
			int replica = MASTERS + i;
			await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
				onNode(replica, (node) -> node.clusterReplicate(master));
				return true;
			});
		}
		awaitHealth();
	}

	/** A port whose cluster bus, 10000 above it, is a port as well. */
	private static EmbeddedRedis startNode() {
		int port = EmbeddedRedis.freePort();
		while (port > 55_000) {
			port = EmbeddedRedis.freePort();
		}
		try {
			Path directory = Files.createTempDirectory("locky-cluster");
			return EmbeddedRedis.startOn(port, "dir " + directory, "cluster-enabled yes", "cluster-node-timeout 1000");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void awaitHealth() {
		await().atMost(Duration.ofSeconds(30))
			.until(() -> IntStream.range(0, this.nodes.size())
				.allMatch((node) -> ask(node, "cluster_state:ok") && ask(node, "cluster_slots_ok:16384")));
		await().atMost(Duration.ofSeconds(30))
			.until(() -> IntStream.range(MASTERS, 2 * MASTERS)
				.allMatch((node) -> info(node).contains("master_link_status:up")));
	}

	/**
	 * A connection factory that follows the topology.
	 * @return the factory, to be destroyed by the caller
	 */
	public LettuceConnectionFactory connect() {
		return connect(configuration());
	}

	/**
	 * A connection factory of a new user, whose password is {@code secret}.
	 * @param rules the rules of the user, the same on all nodes
	 * @return the factory, to be destroyed by the caller
	 */
	public LettuceConnectionFactory connectAs(List<String> rules) {
		for (int i = 0; i < this.nodes.size(); i++) {
			onNode(i, (node) -> {
				CommandArgs<String, String> words = new CommandArgs<>(StringCodec.UTF8);
				words.add("SETUSER").add("locky").addValues(rules);
				node.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), words);
			});
		}
		RedisClusterConfiguration configuration = configuration();
		configuration.setUsername("locky");
		configuration.setPassword("secret");
		return connect(configuration);
	}

	private RedisClusterConfiguration configuration() {
		return new RedisClusterConfiguration(this.nodes.stream().map((node) -> "127.0.0.1:" + node.port()).toList());
	}

	private static LettuceConnectionFactory connect(RedisClusterConfiguration configuration) {
		ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
			.enablePeriodicRefresh(Duration.ofSeconds(1))
			.build();
		LettuceConnectionFactory factory = new LettuceConnectionFactory(configuration,
				LettuceClientConfiguration.builder()
					.commandTimeout(Duration.ofSeconds(5))
					.shutdownTimeout(Duration.ZERO)
					.clientOptions(ClusterClientOptions.builder().topologyRefreshOptions(refresh).build())
					.build());
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	/**
	 * The addresses of all nodes.
	 * @return as {@code spring.data.redis.cluster.nodes} takes them
	 */
	public String addresses() {
		return String.join(",", this.nodes.stream().map((node) -> "127.0.0.1:" + node.port()).toList());
	}

	/**
	 * How many keys each of the first masters has.
	 * @return the numbers
	 */
	public List<Long> keysOfMasters() {
		List<Long> sizes = new ArrayList<>();
		for (int i = 0; i < MASTERS; i++) {
			onNode(i, (node) -> sizes.add(node.dbsize()));
		}
		return sizes;
	}

	/**
	 * Kills the first master, and waits until its replica has taken over.
	 */
	public void killMaster() {
		this.nodes.get(0).stop();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> info(MASTERS).contains("role:master") && ask(MASTERS, "cluster_state:ok"));
	}

	/**
	 * Kills the first master and its replica. The other masters serve their slots.
	 */
	public void killMasterAndReplica() {
		for (int i = 0; i < 2 * MASTERS; i++) {
			onNode(i, (node) -> node.configSet("cluster-require-full-coverage", "no"));
		}
		this.nodes.get(MASTERS).stop();
		this.nodes.get(0).stop();
	}

	/**
	 * Whether a slot was the first master's in the beginning.
	 * @param slot the number of the slot
	 * @return whether it was
	 */
	public static boolean isOfFirstMaster(int slot) {
		return slot < SLOTS / MASTERS;
	}

	/**
	 * Waits until the first master's replica has what the master has.
	 */
	public void awaitReplication() {
		await().atMost(Duration.ofSeconds(10)).until(() -> offset(info(0)).equals(offset(info(MASTERS))));
	}

	/**
	 * Moves a slot from the master that had it first to the next one, in portions, as
	 * tools for resharding do.
	 * @param slot the number of the slot
	 * @param halfway what happens when some keys are on either side
	 */
	public void moveSlot(int slot, Runnable halfway) {
		int from = IntStream.range(0, MASTERS)
			.filter((i) -> slot < (i + 1) * SLOTS / MASTERS)
			.findFirst()
			.orElseThrow();
		int to = (from + 1) % MASTERS;
		onNode(to, (node) -> node.clusterSetSlotImporting(slot, id(from)));
		onNode(from, (node) -> node.clusterSetSlotMigrating(slot, id(to)));
		onNode(from, (node) -> {
			migrate(node, to, node.clusterGetKeysInSlot(slot, 1));
			halfway.run();
			List<String> left = node.clusterGetKeysInSlot(slot, 10);
			while (!left.isEmpty()) {
				migrate(node, to, left);
				left = node.clusterGetKeysInSlot(slot, 10);
			}
		});
		for (int i : new int[] { to, from, 3 - to - from }) {
			onNode(i, (node) -> node.clusterSetSlotNode(slot, id(to)));
		}
	}

	private void migrate(RedisCommands<String, String> node, int to, List<String> keys) {
		node.migrate("127.0.0.1", this.nodes.get(to).port(), 0, 5000, MigrateArgs.Builder.keys(keys));
	}

	private static String offset(String info) {
		return info.replaceAll("(?s).*master_repl_offset:(\\d+).*", "$1");
	}

	private boolean ask(int node, String expected) {
		String[] answer = new String[1];
		onNode(node, (commands) -> answer[0] = commands.clusterInfo());
		return answer[0].contains(expected);
	}

	private String info(int node) {
		String[] answer = new String[1];
		onNode(node, (commands) -> answer[0] = commands.info("replication"));
		return answer[0];
	}

	private String id(int node) {
		String[] answer = new String[1];
		onNode(node, (commands) -> answer[0] = commands.clusterMyId());
		return answer[0];
	}

	private void onNode(int node, NodeAction action) {
		RedisClient client = RedisClient.create("redis://127.0.0.1:" + this.nodes.get(node).port());
		try (StatefulRedisConnection<String, String> connection = client.connect()) {
			action.run(connection.sync());
		}
		finally {
			client.shutdown(Duration.ZERO, Duration.ZERO);
		}
	}

	@Override
	public void close() {
		this.nodes.forEach(EmbeddedRedis::close);
	}

	private interface NodeAction {

		void run(RedisCommands<String, String> commands);

	}

}
