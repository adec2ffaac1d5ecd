package io.locky.autoconfigure;

import java.util.concurrent.CompletableFuture;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.util.backoff.BackOffExecution;

/**
 * A container that waits to be started by who needs it, because Redis may not be there
 * when the application starts. It has a place in the life cycle of its own in order not
 * to end before those who listen.
 */
class LockyMessageListenerContainer extends RedisMessageListenerContainer {

	private volatile boolean refused;

	@Override
	public boolean isAutoStartup() {
		return false;
	}

	@Override
	public int getPhase() {
		return DEFAULT_PHASE / 4;
	}

	/**
	 * Keeps the stack trace out of the log where the user may not subscribe: who needs
	 * the subscription says it in a sentence. The container only logs while it runs.
	 */
	@Override
	protected void handleSubscriptionException(CompletableFuture<Void> future, BackOffExecution backOff,
			Throwable cause) {
		this.refused = String.valueOf(NestedExceptionUtils.getMostSpecificCause(cause).getMessage()).contains("NOPERM");
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
