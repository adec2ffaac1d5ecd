package io.locky.autoconfigure;

import io.locky.broadcast.LockyEventFollower;
import io.locky.event.LockyEventPublisher;
import io.locky.redis.LockyKeys;
import io.locky.signal.LockySignals;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The follower of the events of other instances.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("locky.events.broadcast")
@ConditionalOnMissingBean(LockyEventFollower.class)
class LockyEventsConfiguration {

	@Bean
	LockyEventFollower lockyEventFollower(LockyConnection connection, LockyKeys keys, LockySignals signals,
			LockyEventPublisher events) {
		return new LockyEventFollower(connection.template(), keys, signals, events);
	}

}
