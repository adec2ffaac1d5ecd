package io.locky.internal.redis;

import java.util.concurrent.CompletableFuture;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.util.backoff.BackOffExecution;

/**
 * The container of the one subscription of Locky. {@link LockySignals} starts and stops
 * it, because Redis may not be there when the application starts.
 */
final class LockyMessageListenerContainer extends RedisMessageListenerContainer {

	private volatile boolean refused;

	/**
	 * Creates a container that is ready to be started. Messages only wake other threads,
	 * so that the thread of the connection may handle them, in their order.
	 * @param connectionFactory the access to Redis
	 * @return the container
	 */
	static LockyMessageListenerContainer on(RedisConnectionFactory connectionFactory) {
		LockyMessageListenerContainer container = new LockyMessageListenerContainer();
		container.setConnectionFactory(connectionFactory);
		container.setTaskExecutor(new SyncTaskExecutor());
		container.setSubscriptionExecutor(new SimpleAsyncTaskExecutor("locky-signals-"));
		container.afterPropertiesSet();
		return container;
	}

	/**
	 * Keeps the stack trace out of the log if the user may not subscribe: the warning of
	 * {@link LockySignals} says it in a sentence. The container only logs while it runs.
	 */
	@Override
	protected void handleSubscriptionException(CompletableFuture<Void> future, BackOffExecution backOff,
			Throwable cause) {
		this.refused = RedisErrors.isRefusal(cause);
		try {
			super.handleSubscriptionException(future, backOff, cause);
		}
		finally {
			this.refused = false;
		}
	}

	@Override
	public boolean isRunning() {
		return !this.refused && super.isRunning();
	}

}
