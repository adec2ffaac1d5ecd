package io.locky.internal.lock;

import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.Future;

import io.locky.internal.lock.LocalWaiters.Place;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The waiters of one lock in this application. What does not say otherwise is only used
 * in atomic operations of the map of lines.
 */
final class LocalLine {

	private static final Logger logger = LoggerFactory.getLogger(LocalLine.class);

	private final TreeMap<String, Place> places = new TreeMap<>();

	private final LocalWaiters waiters;

	private final String resource;

	private @Nullable Future<?> look;

	private long scheduled;

	/** When the lock is looked at. */
	private volatile long nextLook;

	private volatile int size;

	private volatile boolean keepsTurns;

	LocalLine(LocalWaiters waiters, String resource) {
		this.waiters = waiters;
		this.resource = resource;
	}

	/** Used by any thread. */
	String resource() {
		return this.resource;
	}

	/** Used by any thread. */
	int size() {
		return this.size;
	}

	/**
	 * Whether the last release in this application gave the turn to a waiter of its own.
	 * Used by any thread.
	 */
	boolean keepsTurns() {
		return this.keepsTurns;
	}

	void keepsTurns(boolean keepsTurns) {
		this.keepsTurns = keepsTurns;
	}

	void add(Place place) {
		this.places.put(place.key(), place);
		this.size = this.places.size();
	}

	void remove(Place place) {
		this.places.remove(place.key());
		this.size = this.places.size();
		if (this.size == 0 && this.look != null) {
			this.look.cancel(false);
		}
	}

	@Nullable Place first() {
		return this.places.isEmpty() ? null : this.places.firstEntry().getValue();
	}

	/**
	 * Has the lock looked at.
	 * @param time when, by the clock of the waiters
	 * @return false if no thread could be created for that
	 */
	boolean lookAt(long time) {
		this.nextLook = time;
		return (this.look != null && this.scheduled - time <= 0) || schedule(time);
	}

	/** There was a turn: nothing is known to happen soon. Used by any thread. */
	void postponeLook() {
		this.nextLook = this.waiters.inAWhile();
	}

	/**
	 * The timer has run. It begins again.
	 * @return whether the lock is to be looked at: there was no turn meanwhile
	 */
	boolean endLook() {
		boolean due = this.nextLook - this.waiters.nanoTime() <= 0;
		this.look = null;
		lookAt(due ? this.waiters.inAWhile() : this.nextLook);
		return due;
	}

	boolean hasTimer() {
		return this.look != null || lookAt(this.waiters.inAWhile());
	}

	private boolean schedule(long time) {
		try {
			Future<?> before = this.look;
			this.look = this.waiters.schedule(() -> this.waiters.look(this.resource),
					Duration.ofNanos(time - this.waiters.nanoTime()));
			this.scheduled = time;
			if (before != null) {
				before.cancel(false);
			}
			return true;
		}
		catch (Throwable ex) {
			logger.debug("The timer of those who wait for '{}' could not be started", this.resource, ex);
			return false;
		}
	}

}
