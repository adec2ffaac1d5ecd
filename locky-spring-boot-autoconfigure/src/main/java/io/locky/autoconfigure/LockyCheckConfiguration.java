package io.locky.autoconfigure;

import io.locky.check.RedisCheck;
import io.locky.redis.LockyKeys;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The check of Redis.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "locky.startup-check.enabled", matchIfMissing = true)
class LockyCheckConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RedisCheck lockyRedisCheck(LockyConnection connection, LockyKeys keys, Environment environment) {
		boolean eventLog = environment.getProperty("locky.events.broadcast", Boolean.class, false);
		return new RedisCheck(connection.factory(), keys, eventLog);
	}

}
