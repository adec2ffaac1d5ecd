package io.locky.benchmark;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockRequest;
import io.locky.core.LockyTemplate;

import org.springframework.data.redis.core.script.RedisScript;

/**
 * Measures how long after its deadline an expired lock is published, alone in the
 * database and among many other keys with a TTL.
 */
public final class ExpiryLag {

	private static final RedisScript<Long> FILL = RedisScript.of("""
			for i = 1, tonumber(ARGV[1]) do
			  redis.call('SET', KEYS[1] .. i, 'x', 'PX', 600000 + i)
			end
			return redis.call('DBSIZE')
			""", Long.class);

	private ExpiryLag() {
	}

	/**
	 * Measures.
	 * @param args the number of locks, then one or more numbers of other keys
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		int locks = (args.length > 0) ? Integer.parseInt(args[0]) : 1000;
		int[] otherKeys = (args.length > 1) ? Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray()
				: new int[] { 0, 100_000 };
		for (int others : otherKeys) {
			try (BenchmarkRedis redis = new BenchmarkRedis()) {
				redis.redis().execute(FILL, List.of("other:"), Integer.toString(others));
				publishAll(redis, 200);
				long[] lags = publishAll(redis, locks);
				Arrays.sort(lags);
				System.out.printf("%,d locks, %,d other keys with a TTL: median %d ms, p99 %d ms, max %d ms%n", locks,
						others, lags[locks / 2], lags[(int) Math.ceil(locks * 0.99) - 1], lags[locks - 1]);
			}
		}
	}

	private static long[] publishAll(BenchmarkRedis redis, int count) throws InterruptedException {
		long[] lags = new long[count];
		AtomicInteger published = new AtomicInteger();
		CountDownLatch all = new CountDownLatch(count);
		LockyTemplate instance = redis.publishing((expired) -> {
			lags[published.getAndIncrement()] = System.currentTimeMillis() - expired.getOccurredAt().toEpochMilli();
			all.countDown();
		});
		for (int i = 0; i < count; i++) {
			instance.lock(LockRequest.of("article:" + i).by(i).ttl(Duration.ofMillis(1000 + (i * 7919L) % 4000)));
		}
		if (!all.await(60, TimeUnit.SECONDS)) {
			throw new IllegalStateException(all.getCount() + " expiries were not published within a minute");
		}
		instance.close();
		return lags;
	}

}
