package io.locky.autoconfigure;

import io.locky.core.LockyTemplate;
import io.locky.internal.people.StoredLockHistory;
import io.locky.people.LockHandovers;
import io.locky.people.LockHistory;
import io.locky.people.LockHistoryStore;
import io.locky.people.LockLine;
import io.locky.people.LockPresence;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Auto-configuration for what people need around a lock, each part only where it is
 * enabled.
 *
 * @since 0.9.0
 */
@AutoConfiguration(after = LockyAutoConfiguration.class)
@ConditionalOnClass(StringRedisTemplate.class)
@ConditionalOnBean(LockyTemplate.class)
public final class LockyPeopleAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty("locky.line.enabled")
	LockLine lockLine(LockyTemplate locks) {
		return locks.line();
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty("locky.handover.enabled")
	LockHandovers lockHandovers(LockyTemplate locks) {
		return locks.handovers();
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty("locky.presence.enabled")
	LockPresence lockPresence(LockyTemplate locks) {
		return locks.presence();
	}

	/** It listens to events, so it must be there before somebody asks for it. */
	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean
	@ConditionalOnBean(LockHistoryStore.class)
	LockHistory storedLockHistory(LockHistoryStore store, LockyProperties properties) {
		return new StoredLockHistory(store, properties.expiration().transactional());
	}

	/** It listens to events, too. */
	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty("locky.history.enabled")
	LockHistory lockHistory(LockyTemplate locks) {
		return locks.history();
	}

}
