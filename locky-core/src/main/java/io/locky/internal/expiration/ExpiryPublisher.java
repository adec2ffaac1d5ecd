package io.locky.internal.expiration;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.expiration.ClaimInFlight.Delivery;
import io.locky.internal.expiration.ExpiryClaim.Expiry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes expiries in a few threads: those of one resource in their order, those of
 * different resources side by side, so that a slow listener delays only its own resource.
 */
final class ExpiryPublisher {

	private static final Logger logger = LoggerFactory.getLogger(ExpiryPublisher.class);

	/** How many expiries are published between two wake-ups of the worker, at most. */
	private static final int PORTION = 100;

	private final LockyEventPublisher events;

	private final KeyedExecutor executor;

	private final Runnable wake;

	private final AtomicInteger unfinished = new AtomicInteger();

	private volatile boolean abandoned;

	/**
	 * Creates a publisher.
	 * @param events calls the listeners
	 * @param threads where the listeners run
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

	/** Publishes an expiry when its turn has come. */
	void publish(Delivery delivery) {
		this.unfinished.incrementAndGet();
		this.executor.execute(delivery.expiry().resource(), () -> run(delivery));
	}

	private void run(Delivery delivery) {
		if (this.abandoned) {
			delivery.abandon();
		}
		else {
			delivery.run(this::callListeners);
		}
		if (this.unfinished.decrementAndGet() % PORTION == 0) {
			this.wake.run();
		}
	}

	private boolean callListeners(Expiry expiry) {
		boolean published = this.events.publish(expiry.toEvent(this));
		// An interrupt that a listener leaves behind must not reach the next one.
		Thread.interrupted();
		return published;
	}

	/** Leaves what has not reached a listener to other instances. */
	void abandon() {
		this.abandoned = true;
	}

	boolean isAbandoned() {
		return this.abandoned;
	}

	/**
	 * Runs tasks in the threads of another executor: those of one key one after the other
	 * in their order, those of different keys at once.
	 */
	static final class KeyedExecutor {

		private final Executor threads;

		/** For each key whose task is running: the tasks that wait behind it. */
		private final Map<String, Queue<Runnable>> waiting = new HashMap<>();

		KeyedExecutor(Executor threads) {
			this.threads = threads;
		}

		void execute(String key, Runnable task) {
			synchronized (this.waiting) {
				Queue<Runnable> behind = this.waiting.get(key);
				if (behind != null) {
					behind.add(task);
					return;
				}
				this.waiting.put(key, new ArrayDeque<>(1));
			}
			this.threads.execute(() -> runAll(key, task));
		}

		private void runAll(String key, Runnable first) {
			Runnable task = first;
			while (task != null) {
				try {
					task.run();
				}
				catch (RuntimeException | Error ex) {
					logger.error("A task failed; the others continue", ex);
				}
				task = next(key);
			}
		}

		private @Nullable Runnable next(String key) {
			synchronized (this.waiting) {
				Queue<Runnable> behind = this.waiting.get(key);
				Runnable task = (behind != null) ? behind.poll() : null;
				if (task == null) {
					this.waiting.remove(key);
				}
				return task;
			}
		}

	}

	private static final class ListenerThread extends Thread {

		private static final AtomicInteger number = new AtomicInteger();

		ListenerThread(Runnable target) {
			super(target, "locky-expired-" + number.incrementAndGet());
			setDaemon(true);
		}

	}

}
