package io.locky.internal.redis;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ClassUtils;

/**
 * Finds out which driver and which kind of servers a connection factory has, without a
 * connection to them. Either driver may be absent from the class path.
 */
public final class RedisDriver {

	private static final boolean LETTUCE = isPresent("io.lettuce.core.RedisClient");

	private static final boolean JEDIS = isPresent("redis.clients.jedis.Jedis");

	private RedisDriver() {
	}

	private static boolean isPresent(String driver) {
		return ClassUtils.isPresent(driver, RedisDriver.class.getClassLoader());
	}

	/**
	 * Whether the factory connects to a Redis Cluster.
	 * @param factory the connection factory
	 * @return whether the keys of a script must be of one slot
	 */
	public static boolean isCluster(RedisConnectionFactory factory) {
		return (LETTUCE && factory instanceof LettuceConnectionFactory lettuce && lettuce.isClusterAware())
				|| (JEDIS && factory instanceof JedisConnectionFactory jedis && jedis.isRedisClusterAware());
	}

	/**
	 * Returns the factory as one of Lettuce.
	 * @param factory the connection factory
	 * @return the factory, or {@code null} if it is of another driver
	 */
	public static @Nullable LettuceConnectionFactory lettuce(RedisConnectionFactory factory) {
		return (LETTUCE && factory instanceof LettuceConnectionFactory lettuce) ? lettuce : null;
	}

}
