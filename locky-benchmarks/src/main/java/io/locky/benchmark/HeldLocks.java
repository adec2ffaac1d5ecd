package io.locky.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Acquires very many locks, hundreds with one call.
 */
final class HeldLocks {

	static final int PART = 500;

	private HeldLocks() {
	}

	/**
	 * Takes locks.
	 * @param redis where
	 * @param count how many, a multiple of {@value #PART}
	 * @param ttl the ttl of each part
	 */
	static void take(BenchmarkRedis redis, int count, IntFunction<Duration> ttl) {
		for (int part = 0; part < count / PART; part++) {
			int start = part * PART;
			List<String> resources = IntStream.range(start, start + PART).mapToObj((i) -> "article:" + i).toList();
			redis.template(ttl.apply(part)).lockAll(resources, "20");
		}
	}

}
