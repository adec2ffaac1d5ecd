package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.locky.LockRequest;
import io.locky.benchmark.library.LockyApplication;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Samples;
import io.locky.benchmark.report.Table;
import io.locky.event.LockExpiredEvent;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * How long after its deadline the end of a lock is published, alone in the database and
 * among many other keys with a TTL: by Locky, and by keyspace notifications.
 */
public final class ExpiryLag implements Experiment {

	private static final RedisScript<Long> FILL = RedisScript.of("""
			for i = 1, tonumber(ARGV[1]) do
			  redis.call('SET', KEYS[1] .. i, 'x', 'PX', 600000 + i)
			end
			return redis.call('DBSIZE')
			""", Long.class);

	@Override
	public void run(Scale scale, Report report) throws Exception {
		int locks = scale.pick(5, 500, 1000);
		Table table = new Table("expiry-lag", "%,d locks that expire within 4 s".formatted(locks), "other keys",
				"median ms", "p99 ms", "not after 45 s");
		for (int others : scale.pick(List.of(10), List.of(0, 100_000), List.of(0, 100_000, 1_000_000))) {
			try (BenchmarkRedis redis = BenchmarkRedis.start("notify-keyspace-events Ex")) {
				LettuceConnectionFactory connections = BenchmarkRedis.connect(redis.port());
				new StringRedisTemplate(connections).execute(FILL, List.of("other:"), Integer.toString(others));
				Arrivals ofLocky = new Arrivals(scale, locks);
				ofLocky.await(publishedByLocky(redis, ofLocky));
				ofLocky.addTo(table, "Locky", others);
				Arrivals notified = new Arrivals(scale, locks);
				notified.await(notified(connections, notified));
				notified.addTo(table, "keyspace notifications", others);
				connections.destroy();
			}
		}
		report.add(table);
	}

	private static AutoCloseable publishedByLocky(BenchmarkRedis redis, Arrivals arrivals) {
		LockyApplication application = LockyApplication.start(BenchmarkRedis.connect(redis.port()),
				(settings) -> settings, (event) -> {
					if (event instanceof LockExpiredEvent expired) {
						arrivals.late(System.currentTimeMillis() - expired.getOccurredAt().toEpochMilli());
					}
				});
		for (int i = 0; i < arrivals.count; i++) {
			application.locks().lock(LockRequest.of("article:" + i).by(i).ttl(arrivals.lease(i)));
		}
		return application;
	}

	private static AutoCloseable notified(LettuceConnectionFactory connections, Arrivals arrivals) {
		Map<String, Long> deadlines = new ConcurrentHashMap<>();
		RedisConnection subscription = connections.getConnection();
		subscription.subscribe((message, pattern) -> {
			Long deadline = deadlines.remove(new String(message.getBody()));
			if (deadline != null) {
				arrivals.late(System.currentTimeMillis() - deadline);
			}
		}, "__keyevent@0__:expired".getBytes());
		StringRedisTemplate redis = new StringRedisTemplate(connections);
		for (int i = 0; i < arrivals.count; i++) {
			Duration lease = arrivals.lease(i);
			deadlines.put("notified:" + i, System.currentTimeMillis() + lease.toMillis());
			redis.opsForValue().set("notified:" + i, "x", lease);
		}
		return subscription;
	}

	/** How late the ends of the locks were published, in milliseconds. */
	private static final class Arrivals {

		private final Scale scale;

		private final int count;

		private final Queue<Long> lags = new ConcurrentLinkedQueue<>();

		private final CountDownLatch all;

		Arrivals(Scale scale, int count) {
			this.scale = scale;
			this.count = count;
			this.all = new CountDownLatch(count);
		}

		/** Spread over the time, in no order. */
		Duration lease(int number) {
			return Duration
				.ofMillis(this.scale.pick(50, 1000, 1000) + (number * 7919L) % this.scale.pick(50, 4000, 4000));
		}

		void late(long millis) {
			this.lags.add(millis);
			this.all.countDown();
		}

		void await(AutoCloseable source) throws Exception {
			this.all.await(this.scale.pick(1, 10, 45), TimeUnit.SECONDS);
			source.close();
		}

		void addTo(Table table, String label, int others) {
			boolean some = !this.lags.isEmpty();
			table.row(label, "%,d".formatted(others), some ? Figures.of(Samples.of(this.lags).median()) : "–",
					some ? Figures.of(Samples.of(this.lags).percentile(99)) : "–", this.all.getCount());
		}

	}

}
