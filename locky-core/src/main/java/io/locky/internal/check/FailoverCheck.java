package io.locky.internal.check;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.locky.internal.redis.RedisDriver;
import io.locky.internal.redis.TopologyRefresh;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Checks whether the client finds the new master of a Redis Cluster before the leases of
 * renewed locks end. The command time-out does not matter: renewals do not wait for it.
 */
final class FailoverCheck {

	/** The lease of {@code @Locked}, whatever the TTL of other locks is. */
	private static final Duration METHOD_LEASE = Duration.ofSeconds(30);

	private FailoverCheck() {
	}

	/**
	 * Checks the settings of the client.
	 * @param connections the connection factory
	 * @param ttl the configured length of a lease, or {@code null} for none
	 * @return the warnings
	 */
	static List<String> warnings(RedisConnectionFactory connections, @Nullable Duration ttl) {
		LettuceConnectionFactory lettuce = RedisDriver.lettuce(connections);
		return (lettuce != null && lettuce.isClusterAware())
				? warnings(TopologyRefresh.intervalOf(lettuce), shortest(ttl)) : List.of();
	}

	private static Duration shortest(@Nullable Duration ttl) {
		return (ttl != null && ttl.compareTo(METHOD_LEASE) < 0) ? ttl : METHOD_LEASE;
	}

	/**
	 * Two thirds of the lease are left when a renewal is due, and some of that is needed
	 * for the election and the next attempt.
	 */
	private static List<String> warnings(Optional<Duration> interval, Duration lease) {
		Duration longest = lease.dividedBy(2);
		if (interval.isPresent() && interval.get().compareTo(longest) <= 0) {
			return List.of();
		}
		return List.of("A failover of Redis Cluster will lose renewed locks: the client looks for the new master "
				+ interval.map((every) -> "only every " + every.toMillis() + " ms").orElse("never")
				+ ", but a lease lasts " + lease.toMillis() + " ms. Set "
				+ "spring.data.redis.lettuce.cluster.refresh.period to " + longest.toMillis()
				+ "ms or less, or the ClusterTopologyRefreshOptions of your own connection factory.");
	}

}
