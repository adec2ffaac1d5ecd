package io.locky.core;

import io.locky.internal.redis.RedisDriver;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The Redis that a contract is tested on.
 *
 * @param connection the access that locks use
 * @param admin an access that may do everything, to look into Redis with
 */
record ContractRedis(RedisConnectionFactory connection, RedisConnectionFactory admin) {

	static ContractRedis of(RedisConnectionFactory connection) {
		return new ContractRedis(connection, connection);
	}

	boolean isCluster() {
		return RedisDriver.isCluster(this.connection);
	}

}
