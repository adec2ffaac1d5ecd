package io.locky.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Properties;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The Redis of this test JVM: one server for all tests, embedded, or the one that
 * {@code LOCKY_TEST_REDIS_URL} names.
 */
public final class TestRedis {

	private static final String LOCATION = locate();

	private static final LettuceConnectionFactory SHARED = connect();

	private TestRedis() {
	}

	/**
	 * Where the server is.
	 * @return a URL as {@code spring.data.redis.url} takes it
	 */
	public static String url() {
		return LOCATION;
	}

	/**
	 * A connection factory that all tests share. Do not destroy it.
	 * @return the factory
	 */
	public static LettuceConnectionFactory connectionFactory() {
		return SHARED;
	}

	/**
	 * A connection factory of the caller's own for the Redis of this JVM.
	 * @return the factory, to be destroyed by the caller
	 */
	public static LettuceConnectionFactory connect() {
		return connect(LettuceConnectionFactory.createRedisConfiguration(LOCATION), Duration.ofSeconds(5));
	}

	/**
	 * A connection factory of the caller's own.
	 * @param host the host of the server
	 * @param port the port of the server
	 * @param timeout how long to wait for an answer
	 * @return the factory, to be destroyed by the caller
	 */
	public static LettuceConnectionFactory connect(String host, int port, Duration timeout) {
		return connect(new RedisStandaloneConfiguration(host, port), timeout);
	}

	/**
	 * A connection factory of the caller's own.
	 * @param configuration where the server is and who connects
	 * @param timeout how long to wait for an answer
	 * @return the factory, to be destroyed by the caller
	 */
	public static LettuceConnectionFactory connect(RedisConfiguration configuration, Duration timeout) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(configuration,
				LettuceClientConfiguration.builder()
					.commandTimeout(timeout)
					.shutdownTimeout(Duration.ZERO)
					.clientOptions(ClientOptions.builder()
						.socketOptions(SocketOptions.builder().connectTimeout(Duration.ofSeconds(5)).build())
						.build())
					.build());
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	/**
	 * What the server reports about itself.
	 * @param section a section of {@code INFO}
	 * @return its entries
	 */
	public static Properties serverInfo(String section) {
		try (RedisConnection connection = SHARED.getConnection()) {
			return Objects.requireNonNull(connection.serverCommands().info(section));
		}
	}

	/**
	 * The clock of the server.
	 * @return its time, in milliseconds
	 */
	public static Instant time() {
		try (RedisConnection connection = SHARED.getConnection()) {
			return Instant.ofEpochMilli(Objects.requireNonNull(connection.serverCommands().time()));
		}
	}

	private static String locate() {
		String url = System.getenv("LOCKY_TEST_REDIS_URL");
		return (url != null) ? url : "redis://127.0.0.1:" + EmbeddedRedis.start().port();
	}

}
