package io.locky.autoconfigure;

import java.util.UUID;

import io.locky.core.LockyTemplate;
import io.locky.event.LockyEventPublisher;
import io.locky.handle.LockRenewer;
import io.locky.redis.LockyKeys;
import io.locky.signal.LockySignals;
import io.locky.waiting.WaitingRoom;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Auto-configuration for locks on the application's Redis. The configurations of Redis
 * are named by text, because Spring Boot 3 and 4 have them in different places.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = { "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
		"org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration" })
@ConditionalOnClass(StringRedisTemplate.class)
@ConditionalOnBean(RedisConnectionFactory.class)
@ConditionalOnBooleanProperty(name = "locky.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LockyProperties.class)
@Import({ LockySignalConfiguration.class, LockyExpirationConfiguration.class, LockyEventsConfiguration.class,
		LockyAnnotationConfiguration.class, LockyCheckConfiguration.class })
public final class LockyAutoConfiguration {

	private final LockyProperties properties;

	LockyAutoConfiguration(LockyProperties properties) {
		this.properties = properties;
	}

	@Bean
	LockyConnection lockyConnection(@LockyRedis ObjectProvider<RedisConnectionFactory> forLocks,
			ObjectProvider<RedisConnectionFactory> any) {
		return LockyConnection.over(forLocks.getIfAvailable(any::getObject));
	}

	@Bean
	@ConditionalOnMissingBean
	LockyKeys lockyKeys(LockyConnection connection) {
		LockyKeys keys = connection.isCluster() ? LockyKeys.ofCluster(this.properties.prefix())
				: LockyKeys.of(this.properties.prefix());
		if (this.properties.npmInterop()) {
			keys = keys.withNpmInterop();
		}
		LockyProperties.Events events = this.properties.events();
		return events.broadcast() ? keys.withEventLog(instance(events), events.logLength()) : keys;
	}

	private static String instance(LockyProperties.Events events) {
		return (events.instance() != null) ? events.instance() : UUID.randomUUID().toString();
	}

	@Bean
	@ConditionalOnMissingBean
	LockyEventPublisher lockyEventPublisher(ApplicationEventPublisher publisher) {
		return new LockyEventPublisher(publisher);
	}

	@Bean
	@ConditionalOnMissingBean
	WaitingRoom lockyWaitingRoom(LockySignals signals) {
		return new WaitingRoom(signals);
	}

	@Bean
	@ConditionalOnMissingBean
	LockRenewer lockyRenewer(LockyConnection connection, LockyKeys keys, LockyEventPublisher events) {
		return new LockRenewer(connection.template(), keys, events);
	}

	@Bean
	LockyReplication lockyReplication(LockyConnection connection) {
		return new LockyReplication(connection, this.properties);
	}

	@Bean
	@ConditionalOnMissingBean
	LockyTemplate lockyTemplate(LockyConnection connection, LockyKeys keys, LockyReplication replication,
			LockyEventPublisher events, WaitingRoom room, LockRenewer renewer) {
		return new LockyTemplate(connection.template(), keys, this.properties.ttl(),
				this.properties.expiration().ackTimeout(), events, room, renewer, replication.acks());
	}

}
