package io.locky.internal.redis;

import java.util.concurrent.CompletableFuture;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.util.backoff.BackOffExecution;

/**
 * The listener container of {@link LockySignals}, which starts and stops it, because
 * Redis may not be available when the application starts.
 */
final class LockyMessageListenerContainer extends RedisMessageListenerContainer {

	private volatile boolean refused;

	/**
	 * Creates a container that is ready to be started. The thread of the connection
	 * handles the messages in their order: they only wake other threads.
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
	 * Keeps a stack trace out of the log if the Redis user lacks the permission:
	 * {@link LockySignals} logs a warning of one sentence. The container logs nothing
	 * while it is not running.
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
