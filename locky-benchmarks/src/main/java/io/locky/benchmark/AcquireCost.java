package io.locky.benchmark;

import java.time.Duration;
import java.util.Arrays;

import io.locky.LockRequest;
import io.locky.core.LockyTemplate;

/**
 * Measures the time to acquire a lock while few and while very many locks are held.
 */
public final class AcquireCost {

	private static final int ROUNDS = 10;

	private static final int PER_ROUND = 5000;

	private AcquireCost() {
	}

	/**
	 * Measures both in turn, several times, so that other work of the machine affects
	 * both.
	 * @param args the lower and the higher number of held locks
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		int few = (args.length > 0) ? Integer.parseInt(args[0]) : 1000;
		int many = (args.length > 1) ? Integer.parseInt(args[1]) : 1_000_000;
		try (BenchmarkRedis small = new BenchmarkRedis(); BenchmarkRedis large = new BenchmarkRedis()) {
			HeldLocks.acquire(small, few, (part) -> Duration.ofHours(1));
			HeldLocks.acquire(large, many, (part) -> Duration.ofHours(1));
			acquire(small);
			acquire(large);
			long[] atFew = new long[ROUNDS];
			long[] atMany = new long[ROUNDS];
			for (int i = 0; i < ROUNDS; i++) {
				atFew[i] = acquire(small);
				atMany[i] = acquire(large);
			}
			double ratio = (double) median(atMany) / median(atFew);
			System.out.printf("Acquiring a lock: %d µs at %,d held locks, %d µs at %,d (median): %.2f times%n",
					median(atFew) / 1000, few, median(atMany) / 1000, many, ratio);
		}
	}

	/** The median in nanoseconds. */
	private static long acquire(BenchmarkRedis redis) {
		LockyTemplate locks = redis.template(null);
		long[] times = new long[PER_ROUND];
		for (int i = 0; i < PER_ROUND; i++) {
			LockRequest request = LockRequest.of("new:" + i).by(20).ttl(Duration.ofMinutes(30));
			long start = System.nanoTime();
			locks.lock(request);
			times[i] = System.nanoTime() - start;
			locks.unlock(request.resource());
		}
		return median(times);
	}

	private static long median(long[] values) {
		long[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

}
