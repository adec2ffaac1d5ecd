package io.locky.internal.lock;

import java.util.Objects;
import java.util.Properties;

import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * What Redis counts of its commands.
 */
final class TestCommandStats {

	private TestCommandStats() {
	}

	/** How often a command was called, by scripts too. */
	static long calls(StringRedisTemplate redis, String command) {
		Properties statistics = Objects.requireNonNull(redis
			.execute((RedisCallback<Properties>) (connection) -> connection.serverCommands().info("commandstats")));
		String line = statistics.getProperty("cmdstat_" + command, "calls=0,");
		return Long.parseLong(line.replaceAll("calls=(\\d+),.*", "$1"));
	}

}
