package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.locky.LockySettings;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.core.LockyTemplate;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Acquires very many locks, several hundred with each call.
 */
final class HeldLocks {

	private static final int MOST_AT_ONCE = 500;

	private HeldLocks() {
	}

	/**
	 * Acquires locks of the resources {@code article:0} and following.
	 * @param redis the server
	 * @param count how many
	 * @param locker the locker that holds them
	 * @param ttl returns the length of the lease for the number of a lock
	 */
	static void acquire(BenchmarkRedis redis, int count, String locker, IntFunction<Duration> ttl) {
		LettuceConnectionFactory connections = BenchmarkRedis.connect(redis.port());
		StringRedisTemplate template = new StringRedisTemplate(connections);
		for (int first = 0; first < count; first += MOST_AT_ONCE) {
			LockySettings settings = LockySettings.builder()
				.ttl(ttl.apply(first))
				.expiration(false)
				.startupCheck(false)
				.build();
			List<String> resources = IntStream.range(first, Math.min(count, first + MOST_AT_ONCE))
				.mapToObj((i) -> "article:" + i)
				.toList();
			try (LockyTemplate locks = new LockyTemplate(template, settings, (event) -> {
			})) {
				locks.lockAll(resources, locker);
			}
		}
		connections.destroy();
	}

}
