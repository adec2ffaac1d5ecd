package io.locky.internal.expiration;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.expiration.ClaimInFlight.Delivery;
import io.locky.metrics.LockyMetrics;
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

	private boolean warned;

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
		return threads(count, ListenerThread::new);
	}

	static ExecutorService threads(int count, ThreadFactory factory) {
		return new ListenerThreads(count, factory);
	}

	/** Whether the caller is a listener. */
	static boolean isListener() {
		return Thread.currentThread() instanceof ListenerThread;
	}

	/**
	 * Publishes an expiry when its turn has come.
	 * @param delivery the expiry
	 * @return whether its turn comes: false if it is refused, because there is no thread
	 * for it and none can be started
	 */
	boolean publish(Delivery delivery) {
		this.unfinished.incrementAndGet();
		try {
			this.executor.execute(delivery.expiry().resource(), () -> run(delivery));
			return true;
		}
		catch (Throwable ex) {
			this.unfinished.decrementAndGet();
			delivery.refuse();
			warn(ex);
			return false;
		}
	}

	private void warn(Throwable failure) {
		if (!this.warned) {
			this.warned = true;
			logger.warn("Expired locks are published late, because no thread can be started for their listeners: {}. "
					+ "Trying again until one starts.", failure.getMessage());
		}
		logger.debug("No thread for a listener", failure);
	}

	private void run(Delivery delivery) {
		try {
			if (this.abandoned) {
				delivery.abandon();
			}
			else {
				delivery.run(this::callListeners);
			}
		}
		finally {
			if (this.unfinished.decrementAndGet() % PORTION == 0) {
				this.wake.run();
			}
		}
	}

	private boolean callListeners(Delivery delivery) {
		if (metrics() != LockyMetrics.NONE) {
			Long lag = delivery.lag();
			if (lag != null) {
				metrics().expired(Math.max(lag, 0));
			}
		}
		boolean published = this.events.publish(delivery.expiry().toEvent(this));
		// An interrupt that a listener leaves behind must not reach the next one.
		Thread.interrupted();
		return published;
	}

	/** What counts the expiries. */
	LockyMetrics metrics() {
		return this.events.metrics();
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

		/**
		 * Runs a task after those that have the same key.
		 * @param key the key
		 * @param task the task
		 * @throws RuntimeException or {@link Error} if there is no thread for it: then
		 * the task never runs
		 */
		void execute(String key, Runnable task) {
			synchronized (this.waiting) {
				Queue<Runnable> behind = this.waiting.get(key);
				if (behind != null) {
					behind.add(task);
					return;
				}
				this.waiting.put(key, new ArrayDeque<>(1));
				try {
					this.threads.execute(() -> runAll(key, task));
				}
				catch (Throwable ex) {
					this.waiting.remove(key);
					throw ex;
				}
			}
		}

		private void runAll(String key, Runnable first) {
			Runnable task = first;
			while (task != null) {
				runQuietly(task);
				task = next(key);
			}
		}

		private static void runQuietly(Runnable task) {
			try {
				task.run();
			}
			catch (Throwable ex) {
				try {
					logger.error("A task failed; the others continue", ex);
				}
				catch (Throwable unlogged) {
					// Out of memory, perhaps: the tasks behind it must run all the same.
					return;
				}
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

	/**
	 * A fixed number of threads that stay. One that cannot be started is missed only
	 * while there is no other.
	 */
	private static final class ListenerThreads extends ThreadPoolExecutor {

		private ListenerThreads(int count, ThreadFactory factory) {
			super(count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
		}

		@Override
		public void execute(Runnable task) {
			try {
				super.execute(task);
			}
			catch (Error ex) {
				if (getPoolSize() == 0) {
					throw ex;
				}
				getQueue().add(task);
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
