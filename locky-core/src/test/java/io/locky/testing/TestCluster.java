package io.locky.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.lettuce.core.KillArgs;
import io.lettuce.core.MigrateArgs;
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

	private static final ClusterTopologyRefreshOptions FOLLOWS = ClusterTopologyRefreshOptions.builder()
		.enablePeriodicRefresh(Duration.ofSeconds(1))
		.build();

	private final List<ClusterNode> nodes = new ArrayList<>();

	public TestCluster() {
		for (int i = 0; i < 2 * MASTERS; i++) {
			this.nodes.add(ClusterNode.start());
		}
		for (int i = 0; i < MASTERS; i++) {
			int first = i * SLOTS / MASTERS;
			int last = (i + 1) * SLOTS / MASTERS;
			this.nodes.get(i).run((node) -> node.clusterAddSlots(IntStream.range(first, last).toArray()));
		}
		for (ClusterNode node : this.nodes) {
			this.nodes.get(0).run((first) -> first.clusterMeet("127.0.0.1", node.port()));
		}
		await().atMost(Duration.ofSeconds(30)).until(() -> this.nodes.get(0).reports("cluster_known_nodes:6"));
		for (int i = 0; i < MASTERS; i++) {
			String master = this.nodes.get(i).id();
			int replica = MASTERS + i;
			await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
				this.nodes.get(replica).run((node) -> node.clusterReplicate(master));
				return true;
			});
		}
		awaitHealth();
	}

	private void awaitHealth() {
		await().atMost(Duration.ofSeconds(30))
			.until(() -> IntStream.range(0, this.nodes.size())
				.allMatch((node) -> this.nodes.get(node).reports("cluster_state:ok")
						&& this.nodes.get(node).reports("cluster_slots_ok:16384")));
		await().atMost(Duration.ofSeconds(30))
			.until(() -> IntStream.range(MASTERS, 2 * MASTERS)
				.allMatch((node) -> this.nodes.get(node).replication().contains("master_link_status:up")));
	}

	/**
	 * A connection factory that follows the topology.
	 * @return the factory, to be destroyed by the caller
	 */
	public LettuceConnectionFactory connect() {
		return connect(Duration.ofSeconds(5));
	}

	/**
	 * A connection factory that follows the topology.
	 * @param timeout how long to wait for an answer
	 * @return the factory, to be destroyed by the caller
	 */
	public LettuceConnectionFactory connect(Duration timeout) {
		return connect(configuration(), timeout, FOLLOWS);
	}

	/**
	 * A connection factory that may not follow the topology.
	 * @param refresh when it reads the topology again
	 * @return the factory, to be destroyed by the caller
	 */
	public LettuceConnectionFactory connect(ClusterTopologyRefreshOptions refresh) {
		return connect(configuration(), Duration.ofSeconds(5), refresh);
	}

	/**
	 * A connection factory of a new user, whose password is {@code secret}.
	 * @param rules the rules of the user, the same on all nodes
	 * @return the factory, to be destroyed by the caller
	 */
	public LettuceConnectionFactory connectAs(List<String> rules) {
		for (int i = 0; i < this.nodes.size(); i++) {
			this.nodes.get(i).run((node) -> {
				CommandArgs<String, String> words = new CommandArgs<>(StringCodec.UTF8);
				words.add("SETUSER").add("locky").addValues(rules);
				node.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), words);
			});
		}
		RedisClusterConfiguration configuration = configuration();
		configuration.setUsername("locky");
		configuration.setPassword("secret");
		return connect(configuration, Duration.ofSeconds(5), FOLLOWS);
	}

	private RedisClusterConfiguration configuration() {
		return new RedisClusterConfiguration(this.nodes.stream().map(ClusterNode::address).toList());
	}

	private static LettuceConnectionFactory connect(RedisClusterConfiguration configuration, Duration timeout,
			ClusterTopologyRefreshOptions refresh) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(configuration,
				LettuceClientConfiguration.builder()
					.commandTimeout(timeout)
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
		return String.join(",", this.nodes.stream().map(ClusterNode::address).toList());
	}

	/**
	 * How many keys each of the first masters has.
	 * @return the numbers
	 */
	public List<Long> keysOfMasters() {
		List<Long> sizes = new ArrayList<>();
		for (int i = 0; i < MASTERS; i++) {
			this.nodes.get(i).run((node) -> sizes.add(node.dbsize()));
		}
		return sizes;
	}

	/**
	 * Kills the first master, and waits until its replica has taken over.
	 */
	public void killMaster() {
		this.nodes.get(0).stop();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> this.nodes.get(MASTERS).replication().contains("role:master")
					&& this.nodes.get(MASTERS).reports("cluster_state:ok"));
	}

	/**
	 * Kills the first master and its replica. The other masters serve their slots.
	 */
	public void killMasterAndReplica() {
		for (int i = 0; i < 2 * MASTERS; i++) {
			this.nodes.get(i).run((node) -> node.configSet("cluster-require-full-coverage", "no"));
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
		await().atMost(Duration.ofSeconds(10))
			.until(() -> offset(this.nodes.get(0).replication()).equals(offset(this.nodes.get(MASTERS).replication())));
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
		this.nodes.get(to).run((node) -> node.clusterSetSlotImporting(slot, this.nodes.get(from).id()));
		this.nodes.get(from).run((node) -> node.clusterSetSlotMigrating(slot, this.nodes.get(to).id()));
		this.nodes.get(from).run((node) -> {
			migrate(node, to, node.clusterGetKeysInSlot(slot, 1));
			halfway.run();
			List<String> left = node.clusterGetKeysInSlot(slot, 10);
			while (!left.isEmpty()) {
				migrate(node, to, left);
				left = node.clusterGetKeysInSlot(slot, 10);
			}
		});
		for (int i : new int[] { to, from, 3 - to - from }) {
			this.nodes.get(i).run((node) -> node.clusterSetSlotNode(slot, this.nodes.get(to).id()));
		}
	}

	/**
	 * Lets a write and its connection get lost after it was sent and before a master runs
	 * it.
	 * @param write starts to write, and does not wait for the answer
	 */
	public void loseWrite(Runnable write) {
		List<ClusterNode> masters = this.nodes.subList(0, MASTERS);
		masters.forEach((node) -> node.run((master) -> client(master, "PAUSE", "60000", "WRITE")));
		write.run();
		await().until(() -> masters.stream()
			.anyMatch((node) -> !node.query((master) -> master.info("clients")).contains("blocked_clients:0")));
		masters.forEach((node) -> node.run((master) -> {
			master.clientKill(KillArgs.Builder.typeNormal().skipme());
			client(master, "UNPAUSE");
		}));
	}

	private static void client(RedisCommands<String, String> node, String... words) {
		CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
		List.of(words).forEach(arguments::add);
		node.dispatch(CommandType.CLIENT, new StatusOutput<>(StringCodec.UTF8), arguments);
	}

	private void migrate(RedisCommands<String, String> node, int to, List<String> keys) {
		if (keys.isEmpty()) {
			return;
		}
		node.migrate("127.0.0.1", this.nodes.get(to).port(), 0, 5000, MigrateArgs.Builder.keys(keys));
	}

	private static String offset(String info) {
		return info.replaceAll("(?s).*master_repl_offset:(\\d+).*", "$1");
	}

	@Override
	public void close() {
		this.nodes.forEach(ClusterNode::close);
	}

}
