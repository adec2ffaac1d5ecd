package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.ArrayList;
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
	 * Acquires the locks of {@code article:0} and following, for a long time. Some
	 * hundred of them have the same locker.
	 */
	static void acquire(BenchmarkRedis redis, int count, String locker) {
		acquire(redis, count, locker, 1, (part) -> Duration.ofHours(1));
	}

	/**
	 * Acquires locks in parts of equal size. Each part has a template of its own, because
	 * several locks at once get the configured TTL.
	 * @param redis the server
	 * @param count how many locks
	 * @param locker what the names of the lockers that hold them begin with
	 * @param parts how many parts
	 * @param ttl returns the length of the lease for the number of a part, when its turn
	 * comes
	 */
	static void acquire(BenchmarkRedis redis, int count, String locker, int parts, IntFunction<Duration> ttl) {
		LettuceConnectionFactory connections = BenchmarkRedis.connect(redis.port());
		StringRedisTemplate template = new StringRedisTemplate(connections);
		List<LockyTemplate> templates = new ArrayList<>();
		for (int part = 0; part < parts; part++) {
			LockySettings settings = LockySettings.builder()
				.ttl(ttl.apply(part))
				.expiration(false)
				.startupCheck(false)
				.build();
			LockyTemplate locks = new LockyTemplate(template, settings, (event) -> {
			});
			templates.add(locks);
			acquire(locks, (int) ((long) count * part / parts), (int) ((long) count * (part + 1) / parts), locker);
		}
		// Each takes a moment, but they can take it together.
		templates.parallelStream().forEach(LockyTemplate::close);
		connections.destroy();
	}

	private static void acquire(LockyTemplate locks, int from, int to, String locker) {
		for (int first = from; first < to; first += MOST_AT_ONCE) {
			List<String> resources = IntStream.range(first, Math.min(to, first + MOST_AT_ONCE))
				.mapToObj((i) -> "article:" + i)
				.toList();
			locks.lockAll(resources, locker + "-" + first);
		}
	}

}
