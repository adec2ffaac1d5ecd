package io.locky.internal.redis;

import java.util.concurrent.CompletableFuture;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.util.backoff.BackOffExecution;

/**
 * A listener container for one attempt to subscribe. Once it has failed it neither logs
 * nor tries again: {@link HintSubscription} replaces it. The container of Spring Data
 * would try again inside of {@code start()}, with a lock that {@code stop()} needs.
 */
final class LockyMessageListenerContainer extends RedisMessageListenerContainer {

	private final Runnable onFailure;

	private volatile boolean failed;

	private LockyMessageListenerContainer(Runnable onFailure) {
		this.onFailure = onFailure;
	}

	/**
	 * Creates a container that is ready to be started. The thread of the connection
	 * handles the messages in their order: they only wake other threads.
	 * @param connectionFactory the access to Redis
	 * @param onFailure runs when the subscription has failed or was lost, unless the
	 * driver restores it
	 * @return the container
	 */
	static LockyMessageListenerContainer on(RedisConnectionFactory connectionFactory, Runnable onFailure) {
		LockyMessageListenerContainer container = new LockyMessageListenerContainer(onFailure);
		container.setConnectionFactory(connectionFactory);
		container.setTaskExecutor(new SyncTaskExecutor());
		container.setSubscriptionExecutor(new SimpleAsyncTaskExecutor(DaemonThreads.named("locky-signals-")));
		container.afterPropertiesSet();
		return container;
	}

	/**
	 * Closes the connection. While it is not running, the container does nothing else
	 * here.
	 */
	@Override
	protected void handleSubscriptionException(CompletableFuture<Void> future, BackOffExecution backOff,
			Throwable cause) {
		this.failed = true;
		super.handleSubscriptionException(future, backOff, cause);
		this.onFailure.run();
	}

	boolean hasFailed() {
		return this.failed;
	}

	@Override
	public boolean isRunning() {
		return !this.failed && super.isRunning();
	}

}
