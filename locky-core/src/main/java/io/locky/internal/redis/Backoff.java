package io.locky.internal.redis;

import java.time.Duration;

/**
 * The pauses between attempts: each is twice as long as the one before, up to a limit.
 * Not thread-safe.
 */
public final class Backoff {

	private final Duration first;

	private final Duration longest;

	private Duration next;

	/**
	 * Creates the pauses.
	 * @param first the first pause
	 * @param longest the longest pause
	 */
	public Backoff(Duration first, Duration longest) {
		this.first = first;
		this.longest = longest;
		this.next = first;
	}

	/**
	 * Returns the pause before the next attempt, and doubles the one that follows.
	 * @return the length of the pause
	 */
	public Duration next() {
		Duration pause = this.next;
		Duration doubled = pause.multipliedBy(2);
		this.next = (doubled.compareTo(this.longest) < 0) ? doubled : this.longest;
		return pause;
	}

	/**
	 * Starts again with the first pause.
	 */
	public void reset() {
		this.next = this.first;
	}

}
