package io.locky.autoconfigure;

import io.locky.redis.LockyKeys;
import io.locky.signal.LockySignals;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/**
 * The one subscription of the application, and its listener container.
 */
@Configuration(proxyBeanMethods = false)
class LockySignalConfiguration {

	static final String CONTAINER = "lockyMessageListenerContainer";

	/**
	 * Not to be injected by type: it is Locky's, and the application may have one of its
	 * own. Messages only wake others, so that the connection's thread may do it.
	 */
	@Bean(name = CONTAINER, defaultCandidate = false)
	@ConditionalOnMissingBean(name = CONTAINER)
	RedisMessageListenerContainer lockyMessageListenerContainer(LockyConnection connection) {
		RedisMessageListenerContainer container = new LockyMessageListenerContainer();
		container.setConnectionFactory(connection.factory());
		container.setTaskExecutor(new SyncTaskExecutor());
		container.setSubscriptionExecutor(new SimpleAsyncTaskExecutor("locky-signals-"));
		return container;
	}

	@Bean
	@ConditionalOnMissingBean
	LockySignals lockySignals(@Qualifier(CONTAINER) RedisMessageListenerContainer container, LockyKeys keys) {
		return new LockySignals(container, keys.signals());
	}

}
