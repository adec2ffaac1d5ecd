package io.locky.waiting;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.locky.signal.LockySignals;
import io.locky.signal.SignalListener;
import io.locky.signal.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * Holds the callers of this application that wait for locks. For each resource they stand
 * in a line, first come, first served, and only the first of the line asks Redis, so that
 * a release does not set all of them off at once. Among applications there is no line.
 *
 * @since 0.1.0
 */
public final class WaitingRoom implements SignalListener {

	private final Map<String, Line> lines = new ConcurrentHashMap<>();

	private final LockySignals signals;

	/**
	 * Opens a room.
	 * @param signals who tells of releases
	 */
	public WaitingRoom(LockySignals signals) {
		this.signals = signals;
		signals.addListener(this);
	}

	/**
	 * Gets into line for a resource, and returns when the caller is the first.
	 * @param resource the name of the resource
	 * @param atMost how long to stand in line
	 * @return the place at the head of the line, or {@code null} if the time is over
	 * @throws InterruptedException if the thread is interrupted
	 */
	public @Nullable Place enter(String resource, Duration atMost) throws InterruptedException {
		this.signals.subscribe();
		Line line = this.lines.compute(resource, (name, present) -> {
			Line joined = (present != null) ? present : new Line();
			joined.length++;
			return joined;
		});
		boolean first = false;
		try {
			first = line.head.tryLock(atMost.toNanos(), TimeUnit.NANOSECONDS);
		}
		finally {
			if (!first) {
				leave(resource);
			}
		}
		return first ? new Place(resource, line) : null;
	}

	private void leave(String resource) {
		this.lines.computeIfPresent(resource, (name, line) -> (--line.length > 0) ? line : null);
	}

	@Override
	public void released(String resource) {
		Line line = this.lines.get(resource);
		if (line != null) {
			line.waiter.wake();
		}
	}

	@Override
	public void subscribed() {
		this.lines.values().forEach((line) -> line.waiter.wake());
	}

	/**
	 * The head of a line.
	 */
	public final class Place implements AutoCloseable {

		private final String resource;

		private final Line line;

		private Place(String resource, Line line) {
			this.resource = resource;
			this.line = line;
		}

		/**
		 * Sleeps until there is a hint that the lock was given back.
		 * @param atMost the longest time to sleep
		 * @throws InterruptedException if the thread is interrupted
		 */
		public void await(Duration atMost) throws InterruptedException {
			this.line.waiter.await(atMost);
		}

		@Override
		public void close() {
			this.line.head.unlock();
			leave(this.resource);
		}

	}

	private static final class Line {

		private final ReentrantLock head = new ReentrantLock(true);

		private final Waiter waiter = new Waiter();

		/** How many stand in it; changed by the map's atomic operations only. */
		private int length;

	}

}
