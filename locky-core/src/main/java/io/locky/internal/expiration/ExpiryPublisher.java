package io.locky.internal.expiration;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.event.LockExpiredEvent;
import io.locky.internal.event.LockyEventPublisher;

/**
 * Publishes expiries in a few threads: those of one resource in their order, those of
 * others beside them, so that a slow listener keeps only its own resource waiting.
 */
final class ExpiryPublisher {

	/** How many are told between two wake-ups of the worker, at most. */
	private static final int PORTION = 100;

	private final LockyEventPublisher events;

	private final KeyedExecutor executor;

	private final Runnable wake;

	private final AtomicInteger unfinished = new AtomicInteger();

	private volatile boolean abandoned;

	/**
	 * Creates the access to listeners.
	 * @param events where they are registered
	 * @param threads where they run
	 * @param wake called when there is something to acknowledge
	 */
	ExpiryPublisher(LockyEventPublisher events, Executor threads, Runnable wake) {
		this.events = events;
		this.executor = new KeyedExecutor(threads);
		this.wake = wake;
	}

	/**
	 * Creates the threads for listeners.
	 * @param count how many
	 * @return the threads, to be shut down
	 */
	static ExecutorService threads(int count) {
		return Executors.newFixedThreadPool(count, ListenerThread::new);
	}

	/** Whether the caller is a listener. */
	static boolean isListener() {
		return Thread.currentThread() instanceof ListenerThread;
	}

	/** Hands an expiry over. */
	void tell(Delivery telling) {
		this.unfinished.incrementAndGet();
		this.executor.execute(telling.expiry().resource(), () -> run(telling));
	}

	private void run(Delivery telling) {
		if (this.abandoned) {
			telling.leave();
		}
		else {
			telling.run(this::publish);
		}
		if (this.unfinished.decrementAndGet() % PORTION == 0) {
			this.wake.run();
		}
	}

	private void publish(Expiry expiry) {
		this.events
			.publish(new LockExpiredEvent(this, expiry.resource(), expiry.locker(), expiry.fence(), expiry.deadline()));
		// What a listener left behind must not trouble the next one.
		Thread.interrupted();
	}

	/** Leaves to others what has not reached a listener. */
	void abandon() {
		this.abandoned = true;
	}

	boolean isAbandoned() {
		return this.abandoned;
	}

	private static final class ListenerThread extends Thread {

		private static final AtomicInteger number = new AtomicInteger();

		ListenerThread(Runnable target) {
			super(target, "locky-expired-" + number.incrementAndGet());
			setDaemon(true);
		}

	}

}
