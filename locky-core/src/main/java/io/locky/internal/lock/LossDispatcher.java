package io.locky.internal.lock;

import java.time.Instant;
import java.util.concurrent.Executor;

import io.locky.event.LockLostEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.DaemonThreads;

/**
 * Publishes the loss of handles in threads of its own: a slow listener must not keep
 * other handles from being renewed.
 */
final class LossDispatcher {

	/** During a long outage of Redis, all handles are lost at once. */
	private static final int THREADS = 8;

	private final Executor executor = DaemonThreads.pool("locky-lost-", THREADS);

	private final LockyEventPublisher events;

	LossDispatcher(LockyEventPublisher events) {
		this.events = events;
	}

	/**
	 * Publishes a {@link LockLostEvent} and runs the callbacks of the handle.
	 * @param handle the handle that was lost
	 */
	void dispatch(FencedLockHandle handle) {
		this.executor.execute(() -> {
			this.events
				.publish(new LockLostEvent(this, handle.resource(), handle.locker(), handle.fence(), Instant.now()));
			handle.runLostCallbacks();
		});
	}

}
