package io.locky.faults.run;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Connections to any kind of Redis, as an application sets them up.
 */
final class Connections {

	private Connections() {
	}

	/**
	 * Creates a connection factory that is not started yet.
	 * @param address as in {@link AppConfig#redis()}
	 * @param timeout how long to wait for an answer
	 * @return the factory
	 */
	static LettuceConnectionFactory to(String address, Duration timeout) {
		SocketOptions sockets = SocketOptions.builder().connectTimeout(timeout).build();
		boolean cluster = address.startsWith("cluster:");
		ClientOptions options = cluster
				? ClusterClientOptions.builder().topologyRefreshOptions(refresh()).socketOptions(sockets).build()
				: ClientOptions.builder().socketOptions(sockets).build();
		return factory(configuration(address),
				LettuceClientConfiguration.builder()
					.commandTimeout(timeout)
					.shutdownTimeout(Duration.ZERO)
					.clientOptions(options)
					.build());
	}

	private static ClusterTopologyRefreshOptions refresh() {
		return ClusterTopologyRefreshOptions.builder().enablePeriodicRefresh(Duration.ofSeconds(1)).build();
	}

	private static LettuceConnectionFactory factory(RedisConfiguration redis, LettuceClientConfiguration client) {
		return new LettuceConnectionFactory(redis, client);
	}

	private static RedisConfiguration configuration(String address) {
		if (address.startsWith("cluster:")) {
			return new RedisClusterConfiguration(nodes(address.substring("cluster:".length())));
		}
		if (address.startsWith("sentinel:")) {
			String[] parts = address.split(":", 3);
			RedisSentinelConfiguration sentinels = new RedisSentinelConfiguration().master(parts[1]);
			nodes(parts[2]).forEach((node) -> sentinels.addSentinel(RedisNode.fromString(node)));
			return sentinels;
		}
		RedisNode node = RedisNode.fromString(address);
		return new RedisStandaloneConfiguration(node.getRequiredHost(), node.getRequiredPort());
	}

	private static List<String> nodes(String text) {
		return Arrays.asList(text.split(","));
	}

}
