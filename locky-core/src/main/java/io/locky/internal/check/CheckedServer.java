package io.locky.internal.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisClusterNode;
import org.springframework.data.redis.connection.RedisConnection;

/**
 * A server that keeps locks. On Redis Cluster, each has its own settings and users.
 *
 * @param name its host and port, empty if it is the only one
 * @param node the node of a Cluster
 * @param partition a partition that it keeps
 */
record CheckedServer(String name, @Nullable RedisClusterNode node, LockyPartition partition) {

	static List<CheckedServer> of(RedisConnection connection, LockyKeys keys) {
		if (connection instanceof RedisClusterConnection cluster) {
			Map<String, CheckedServer> masters = new LinkedHashMap<>();
			for (LockyPartition partition : keys.partitions()) {
				RedisClusterNode node = cluster.clusterGetNodeForKey(PermissionCheck.bytes(partition.lock("")));
				String name = node.getHost() + ":" + node.getPort();
				masters.putIfAbsent(name, new CheckedServer(name, node, partition));
			}
			return new ArrayList<>(masters.values());
		}
		return List.of(new CheckedServer("", null, keys.partitions().get(0)));
	}

	/**
	 * Reads what the server reports about itself.
	 * @param connection the connection by which it was found
	 * @param sections sections of {@code INFO}
	 * @return their entries
	 */
	Properties info(RedisConnection connection, String... sections) {
		Properties all = new Properties();
		for (String section : sections) {
			Properties some = (this.node != null && connection instanceof RedisClusterConnection cluster)
					? cluster.serverCommands().info(this.node, section) : connection.serverCommands().info(section);
			if (some != null) {
				all.putAll(some);
			}
		}
		return all;
	}

}
