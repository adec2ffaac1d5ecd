package io.locky.autoconfigure;

import io.locky.event.LockyEventPublisher;
import io.locky.expiration.LockyExpirationWorker;
import io.locky.redis.LockyKeys;
import io.locky.signal.LockySignals;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The expiration worker.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "locky.expiration.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(LockyExpirationWorker.class)
class LockyExpirationConfiguration {

	@Bean
	LockyExpirationWorker lockyExpirationWorker(LockyConnection connection, LockyKeys keys, LockySignals signals,
			LockyEventPublisher events, LockyProperties properties) {
		return new LockyExpirationWorker(connection.template(), keys, signals, events,
				properties.expiration().ackTimeout(), properties.expiration().listenerThreads());
	}

}
