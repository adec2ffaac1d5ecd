package io.locky.test.autoconfigure;

import java.time.Duration;

import io.locky.test.InMemoryLocks;
import io.locky.test.LockClock;
import io.locky.test.ReactiveInMemoryLocks;
import io.locky.test.RecordedLockEvents;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for {@link AutoConfigureLocky @AutoConfigureLocky}. That of Locky
 * sets up no locks in Redis beside these.
 *
 * @since 0.9.0
 */
@AutoConfiguration(beforeName = "io.locky.autoconfigure.LockyAutoConfiguration")
public final class InMemoryLocksAutoConfiguration {

	InMemoryLocksAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	LockClock lockClock() {
		return LockClock.atRealTime();
	}

	@Bean
	@ConditionalOnMissingBean
	RecordedLockEvents recordedLockEvents() {
		return new RecordedLockEvents();
	}

	@Bean
	@ConditionalOnMissingBean
	InMemoryLocks inMemoryLocks(Environment environment, LockClock clock, ApplicationEventPublisher publisher) {
		Duration ttl = Binder.get(environment).bind("locky.ttl", Duration.class).orElse(null);
		return new InMemoryLocks(ttl, clock, publisher);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Mono.class)
	static class WithReactor {

		@Bean
		@ConditionalOnMissingBean
		ReactiveInMemoryLocks reactiveInMemoryLocks(InMemoryLocks locks) {
			return new ReactiveInMemoryLocks(locks);
		}

	}

}
