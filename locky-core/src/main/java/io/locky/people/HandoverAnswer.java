package io.locky.people;

import java.time.Duration;

/**
 * What a holder answers to a request to hand over its lock.
 *
 * @since 0.9.0
 */
public sealed interface HandoverAnswer {

	/** The lock is handed over now. */
	record Now() implements HandoverAnswer {

	}

	/**
	 * The lock can be claimed after a time, if the holder has not released it before.
	 *
	 * @param after from 1 second to 1 day
	 */
	record Later(Duration after) implements HandoverAnswer {

	}

	/**
	 * The holder keeps the lock.
	 *
	 * @param reason a text for the one who asked, at most 256 characters, or empty
	 */
	record No(String reason) implements HandoverAnswer {

	}

}
