package io.locky.internal.lock;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The renewals of one partition that were sent and not answered yet. Where an answer
 * takes long, another renewal is sent beside it, because it may go to another server by
 * then: a renewal by fence may be repeated. All times are nanoseconds by the clock of the
 * handles.
 */
final class PendingRenewals {

	private static final long SHORTEST_PAUSE = Duration.ofMillis(50).toNanos();

	/** A lease is three periods, and two of them are left when its renewal is due. */
	private static final int PER_PERIOD = 4;

	private final Deque<Object> unanswered = new ArrayDeque<>();

	private long lastSent;

	/**
	 * How long to wait before another renewal may be sent.
	 * @param now the time
	 * @param period the period of the handle
	 * @return the nanoseconds, not positive if it may be sent now
	 */
	synchronized long nanosUntilNext(long now, long period) {
		return this.unanswered.isEmpty() ? 0 : this.lastSent + Math.max(SHORTEST_PAUSE, period / PER_PERIOD) - now;
	}

	/**
	 * Whether an answer is missing, so that the next renewal is one more.
	 * @return whether there is one without an answer
	 */
	synchronized boolean isWaiting() {
		return !this.unanswered.isEmpty();
	}

	/**
	 * Adds a renewal that is sent now.
	 * @param now the time
	 * @return the renewal
	 */
	synchronized Object add(long now) {
		Object renewal = new Object();
		this.unanswered.addLast(renewal);
		this.lastSent = now;
		return renewal;
	}

	/**
	 * Waits as long as after a renewal, because there is no thread for one.
	 * @param now the time
	 */
	synchronized void postpone(long now) {
		this.lastSent = now;
	}

	/**
	 * Removes a renewal, and those sent before it: their answers do not matter any more.
	 * @param renewal the renewal that was answered
	 */
	synchronized void answered(Object renewal) {
		if (this.unanswered.contains(renewal)) {
			while (this.unanswered.removeFirst() != renewal) {
				continue;
			}
		}
	}

	/**
	 * Removes a renewal without an answer.
	 * @param renewal the renewal that failed
	 */
	synchronized void failed(Object renewal) {
		this.unanswered.remove(renewal);
	}

}
