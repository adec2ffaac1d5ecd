package io.locky.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Acquires very many locks, 500 with each call.
 */
final class HeldLocks {

	static final int PART = 500;

	private HeldLocks() {
	}

	/**
	 * Acquires locks.
	 * @param redis the server
	 * @param count the number of locks, a multiple of {@value #PART}
	 * @param ttl returns the TTL for the index of a part
	 */
	static void acquire(BenchmarkRedis redis, int count, IntFunction<Duration> ttl) {
		for (int part = 0; part < count / PART; part++) {
			int start = part * PART;
			List<String> resources = IntStream.range(start, start + PART).mapToObj((i) -> "article:" + i).toList();
			redis.template(ttl.apply(part)).lockAll(resources, "20");
		}
	}

}
