package io.locky.autoconfigure;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.util.ClassUtils;

/**
 * The Redis that keeps the locks. The template is Locky's own: a user's one may take part
 * in transactions, where a lock would only be taken at the commit.
 */
record LockyConnection(RedisConnectionFactory factory, StringRedisTemplate template) {

	private static final boolean LETTUCE = isPresent("io.lettuce.core.RedisClient");

	private static final boolean JEDIS = isPresent("redis.clients.jedis.Jedis");

	private static boolean isPresent(String driver) {
		return ClassUtils.isPresent(driver, LockyConnection.class.getClassLoader());
	}

	/**
	 * Whether it is a Redis Cluster, told without connecting to it.
	 * @return whether keys must be of one slot
	 */
	boolean isCluster() {
		return (LETTUCE && this.factory instanceof LettuceConnectionFactory lettuce && lettuce.isClusterAware())
				|| (JEDIS && this.factory instanceof JedisConnectionFactory jedis && jedis.isRedisClusterAware());
	}

	boolean isLettuce() {
		return LETTUCE && this.factory instanceof LettuceConnectionFactory;
	}

	static LockyConnection over(RedisConnectionFactory factory) {
		return new LockyConnection(factory, new StringRedisTemplate(factory));
	}

}
