package io.locky.benchmark;

import java.time.Duration;
import java.util.Objects;

import io.locky.LockRequest;
import io.locky.core.LockyTemplate;

import org.springframework.data.redis.connection.RedisConnection;

/**
 * Measures how much memory of Redis a held lock needs.
 */
public final class LockMemory {

	private LockMemory() {
	}

	/**
	 * Measures.
	 * @param args the number of locks
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		int locks = (args.length > 0) ? Integer.parseInt(args[0]) : 100_000;
		try (BenchmarkRedis redis = new BenchmarkRedis()) {
			LockyTemplate template = redis.template(null);
			template.lock("warm", "up");
			template.unlock("warm");
			long before = usedMemory(redis);
			for (int i = 0; i < locks; i++) {
				template.lock(LockRequest.of("article:%012d".formatted(i)).by(20).ttl(Duration.ofHours(1)));
			}
			System.out.printf("%,d locks with resources of 20 characters: %d bytes each%n", locks,
					(usedMemory(redis) - before) / locks);
		}
	}

	private static long usedMemory(BenchmarkRedis redis) {
		try (RedisConnection connection = redis.redis().getRequiredConnectionFactory().getConnection()) {
			return Long.parseLong(
					Objects.requireNonNull(connection.serverCommands().info("memory")).getProperty("used_memory"));
		}
	}

}
