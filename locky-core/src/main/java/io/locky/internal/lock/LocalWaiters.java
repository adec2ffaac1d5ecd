package io.locky.internal.lock;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.SignalListener;
import io.locky.internal.redis.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * The callers of this application that wait for locks. They queue per lock, first come,
 * first served, and only the first of a queue sends attempts to Redis, so that a release
 * does not set all of them off at once. There is no queue across applications.
 */
final class LocalWaiters implements SignalListener {

	private final Map<String, WaitQueue> queues = new ConcurrentHashMap<>();

	private final LockySignals signals;

	/**
	 * Creates the queues. To receive hints, they must be added to the signals as a
	 * listener.
	 * @param signals the source of hints, to which the first waiting caller subscribes
	 */
	LocalWaiters(LockySignals signals) {
		this.signals = signals;
	}

	/**
	 * Joins the queue of a resource, and returns once the caller is first in it.
	 * @param resource the name of the resource
	 * @param atMost how long to wait in the queue
	 * @return the turn of the caller, or {@code null} if the time ran out
	 * @throws InterruptedException if the thread is interrupted
	 */
	@Nullable Turn awaitTurn(String resource, Duration atMost) throws InterruptedException {
		this.signals.subscribe();
		WaitQueue queue = this.queues.compute(resource, (name, present) -> {
			WaitQueue joined = (present != null) ? present : new WaitQueue();
			joined.length++;
			return joined;
		});
		boolean first = false;
		try {
			first = queue.head.tryLock(atMost.toNanos(), TimeUnit.NANOSECONDS);
		}
		finally {
			if (!first) {
				leave(resource);
			}
		}
		return first ? new Turn(resource, queue) : null;
	}

	private void leave(String resource) {
		this.queues.computeIfPresent(resource, (name, queue) -> (--queue.length > 0) ? queue : null);
	}

	@Override
	public void released(String resource) {
		WaitQueue queue = this.queues.get(resource);
		if (queue != null) {
			queue.waiter.wake();
		}
	}

	@Override
	public void subscribed() {
		this.queues.values().forEach((queue) -> queue.waiter.wake());
	}

	/**
	 * The turn of the caller at the head of a queue. Closing it passes the turn to the
	 * next caller.
	 */
	final class Turn implements AutoCloseable {

		private final String resource;

		private final WaitQueue queue;

		private Turn(String resource, WaitQueue queue) {
			this.resource = resource;
			this.queue = queue;
		}

		/**
		 * Waits for a hint that the lock was released.
		 * @param atMost how long to wait
		 * @throws InterruptedException if the thread is interrupted
		 */
		void awaitHint(Duration atMost) throws InterruptedException {
			this.queue.waiter.await(atMost);
		}

		@Override
		public void close() {
			this.queue.head.unlock();
			leave(this.resource);
		}

	}

	private static final class WaitQueue {

		private final ReentrantLock head = new ReentrantLock(true);

		private final Waiter waiter = new Waiter();

		/** The number of callers; changed only by the atomic operations of the map. */
		private int length;

	}

}
