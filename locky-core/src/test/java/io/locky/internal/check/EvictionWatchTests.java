package io.locky.internal.check;

import java.time.Duration;
import java.util.Properties;
import java.util.function.BooleanSupplier;

import ch.qos.logback.classic.Level;
import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.internal.redis.LockyKeys;
import io.locky.testing.CapturedLog;
import io.locky.testing.DocumentedUser;
import io.locky.testing.RestrictedRedis;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Redis evicts keys while locks are held in it.
 */
class EvictionWatchTests {

	private static final LockyKeys KEYS = LockyKeys.of("test-evict:");

	private static final Duration PERIOD = Duration.ofMillis(100);

	@Test
	void evictionIsReportedOnceWhileItHappens() {
		try (RestrictedRedis redis = full("allkeys-lru"); CapturedLog log = new CapturedLog()) {
			RedisCheck check = new RedisCheck(redis.admin(), KEYS, false, "ann", null, PERIOD);
			check.start();
			await().until(() -> log.messages(Level.WARN).size() == 1);
			assertThat(log.messages(Level.ERROR)).isEmpty();
			StringRedisTemplate cache = new StringRedisTemplate(redis.admin());
			fillUntil(cache, () -> !log.messages(Level.ERROR).isEmpty());
			long evicted = check.evictedKeys();
			fillUntil(cache, () -> check.evictedKeys() > evicted);
			check.stop();
			assertThat(log.messages(Level.ERROR)).singleElement()
				.asString()
				.startsWith("Redis evicts keys: ")
				.contains("maxmemory-policy 'allkeys-lru'", "others may acquire them", "'noeviction'");
			assertThat(check.evictedKeys()).isLessThanOrEqualTo(Long.parseLong(evictedKeys(redis.admin())));
		}
	}

	@Test
	void lockWithASecondHolderIsReported() {
		try (RestrictedRedis redis = full("allkeys-random"); CapturedLog log = new CapturedLog()) {
			StringRedisTemplate cache = new StringRedisTemplate(redis.admin());
			RedisCheck check = new RedisCheck(redis.admin(), KEYS, false, "ann", null, PERIOD);
			check.start();
			await().until(() -> !log.messages(Level.WARN).isEmpty());
			try (LockyTemplate locks = new LockyTemplate(cache, settings(), (event) -> {
			})) {
				locks.lock("x", "ann");
				fillUntil(cache, () -> locks.lock("x", "bob"));
				await().until(() -> !log.messages(Level.ERROR).isEmpty());
			}
			check.stop();
		}
	}

	@Test
	void evictionsBeforeTheStartAreNotReported() {
		try (RestrictedRedis redis = full("allkeys-lru"); CapturedLog log = new CapturedLog()) {
			StringRedisTemplate cache = new StringRedisTemplate(redis.admin());
			fillUntil(cache, () -> !evictedKeys(redis.admin()).equals("0"));
			EvictionWatch watch = new EvictionWatch(KEYS);
			try (RedisConnection connection = redis.admin().getConnection()) {
				assertThat(watch.sample(connection)).isEmpty();
				assertThat(watch.sample(connection)).isEmpty();
				connection.serverCommands().resetConfigStats();
				assertThat(watch.sample(connection)).isEmpty();
				fillUntil(cache, () -> !evictedKeys(redis.admin()).equals("0"));
				assertThat(watch.sample(connection)).hasSize(1);
				assertThat(watch.evicted()).isPositive();
			}
			assertThat(log.messages(Level.ERROR)).isEmpty();
		}
	}

	@Test
	void userWithoutInfoPermissionIsRefusedOnce() {
		try (RestrictedRedis redis = full("allkeys-lru"); CapturedLog log = new CapturedLog()) {
			EvictionWatch watch = new EvictionWatch(KEYS);
			try (RedisConnection connection = redis.connectAs(DocumentedUser.rules()).getConnection()) {
				assertThat(watch.sample(connection)).isEmpty();
				assertThat(watch.sample(connection)).isEmpty();
				assertThat(watch.evicted()).isZero();
			}
			try (RedisConnection admin = redis.admin().getConnection()) {
				assertThat(admin.serverCommands().info("commandstats").getProperty("cmdstat_info"))
					.contains("rejected_calls=1,");
			}
			assertThat(log.messages(Level.WARN)).isEmpty();
		}
	}

	private static LockySettings settings() {
		return LockySettings.builder().prefix("test-evict:").ttl(Duration.ofMinutes(5)).startupCheck(false).build();
	}

	private static RestrictedRedis full(String policy) {
		return RestrictedRedis.start("maxmemory 4mb", "maxmemory-policy " + policy, "maxmemory-samples 10");
	}

	private static void fillUntil(StringRedisTemplate cache, BooleanSupplier done) {
		String page = "x".repeat(20_000);
		int[] number = { 0 };
		await().pollInterval(Duration.ofMillis(1)).until(() -> {
			for (int i = 0; i < 50; i++) {
				cache.opsForValue().set("cache:" + number[0]++ % 1000, page);
			}
			return done.getAsBoolean();
		});
	}

	private static String evictedKeys(RedisConnectionFactory admin) {
		try (RedisConnection connection = admin.getConnection()) {
			Properties info = connection.serverCommands().info("stats");
			return info.getProperty("evicted_keys");
		}
	}

}
