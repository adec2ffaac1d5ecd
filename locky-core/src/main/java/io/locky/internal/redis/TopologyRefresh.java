package io.locky.internal.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Reads how a client finds the new master of a Redis Cluster. Only loaded where there is
 * Lettuce.
 */
public final class TopologyRefresh {

	private TopologyRefresh() {
	}

	/**
	 * The longest time until the client looks for a new master.
	 * @param connections the connection factory of a Cluster
	 * @return the interval, or empty if it never looks
	 */
	public static Optional<Duration> intervalOf(LettuceConnectionFactory connections) {
		ClusterClientOptions options = connections.getClientConfiguration()
			.getClientOptions()
			.filter(ClusterClientOptions.class::isInstance)
			.map(ClusterClientOptions.class::cast)
			.orElseGet(ClusterClientOptions::create);
		return interval(options.getTopologyRefreshOptions());
	}

	private static Optional<Duration> interval(@Nullable ClusterTopologyRefreshOptions options) {
		if (options == null) {
			return Optional.empty();
		}
		Stream<Duration> periodic = options.isPeriodicRefreshEnabled() ? Stream.of(options.getRefreshPeriod())
				: Stream.empty();
		Stream<Duration> adaptive = options.getAdaptiveRefreshTriggers().isEmpty() ? Stream.empty()
				: Stream.of(options.getAdaptiveRefreshTimeout());
		return Stream.concat(periodic, adaptive).min(Duration::compareTo);
	}

}
