package io.locky.internal.lock;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import io.locky.event.LockLostEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.metrics.LockyMetrics;
import io.locky.metrics.LockyMetrics.LossReason;

/**
 * Publishes the loss of handles in threads of its own: a slow listener must not keep
 * other handles from being renewed.
 */
final class LossDispatcher {

	/** During a long outage of Redis, all handles are lost at once. */
	private static final int THREADS = 8;

	private final KeptThreads threads;

	private final LockyEventPublisher events;

	private final ServerClock clock;

	private int unpublished;

	/**
	 * Creates a dispatcher.
	 * @param events publishes to the listeners of the application
	 * @param clock the clock of Redis
	 * @param threads creates its threads
	 */
	LossDispatcher(LockyEventPublisher events, ServerClock clock, ThreadFactory threads) {
		this.events = events;
		this.clock = clock;
		this.threads = new KeptThreads(threads, THREADS);
	}

	/**
	 * Publishes a {@link LockLostEvent} and runs the callbacks of the handle.
	 * @param handle the handle that was lost
	 * @param reason why
	 */
	void dispatch(FencedLockHandle handle, LossReason reason) {
		this.events.metrics().lost(reason);
		Instant noticed = this.clock.now(handle.resource());
		began();
		this.threads.execute(() -> {
			try {
				this.events
					.publish(new LockLostEvent(this, handle.resource(), handle.locker(), handle.fence(), noticed));
				handle.runLostCallbacks();
			}
			finally {
				ended();
			}
		});
	}

	/** What counts the losses, and the renewals. */
	LockyMetrics metrics() {
		return this.events.metrics();
	}

	private synchronized void began() {
		this.unpublished++;
	}

	private synchronized void ended() {
		this.unpublished--;
		notifyAll();
	}

	/**
	 * Waits until all losses are published and their callbacks have run.
	 * @param atMost how long to wait
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized void awaitPublished(Duration atMost) throws InterruptedException {
		long end = System.nanoTime() + atMost.toNanos();
		long left = atMost.toNanos();
		while (this.unpublished > 0 && left > 0) {
			TimeUnit.NANOSECONDS.timedWait(this, left);
			left = end - System.nanoTime();
		}
	}

	/**
	 * Keeps a thread, so that a loss is published even if no other can be started.
	 */
	void keepThread() {
		this.threads.keepOne();
	}

	/**
	 * Lets all threads end.
	 */
	void keepNoThread() {
		this.threads.keepNone();
	}

	/**
	 * Publishes losses for which no thread could be started.
	 */
	void retry() {
		this.threads.retry();
	}

}
