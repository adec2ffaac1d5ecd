package io.locky.autoconfigure;

import io.locky.check.RedisCheck;
import io.locky.redis.LockyKeys;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The check of Redis.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "locky.startup-check.enabled", matchIfMissing = true)
class LockyCheckConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RedisCheck lockyRedisCheck(LockyConnection connection, LockyKeys keys, LockyProperties properties) {
		return new RedisCheck(connection.factory(), keys, properties.minReplicasAck() > 0);
	}

}
