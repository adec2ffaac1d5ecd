package io.locky.benchmark.library;

import java.time.Duration;
import java.util.function.UnaryOperator;

import io.locky.LockySettings;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.core.LockyTemplate;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * One application with Locky: connections of its own, and a started template.
 *
 * @param connections the connections
 * @param locks the template
 */
public record LockyApplication(LettuceConnectionFactory connections, LockyTemplate locks) implements AutoCloseable {

	/**
	 * Starts an application with the defaults of Locky and the usual lease.
	 * @param port where Redis listens
	 * @return the application
	 */
	public static LockyApplication start(int port) {
		return start(BenchmarkRedis.connect(port), (settings) -> settings, (event) -> {
		});
	}

	/**
	 * Starts an application.
	 * @param connections its connections, destroyed with it
	 * @param changes changes the settings
	 * @param publisher receives events
	 * @return the application
	 */
	public static LockyApplication start(LettuceConnectionFactory connections,
			UnaryOperator<LockySettings.Builder> changes, ApplicationEventPublisher publisher) {
		LockySettings settings = changes
			.apply(LockySettings.builder().ttl(Duration.ofSeconds(LockLibrary.LEASE_SECONDS)))
			.build();
		LockyTemplate locks = new LockyTemplate(new StringRedisTemplate(connections), settings, publisher);
		locks.start();
		return new LockyApplication(connections, locks);
	}

	@Override
	public void close() {
		this.locks.close();
		this.connections.destroy();
	}

}
