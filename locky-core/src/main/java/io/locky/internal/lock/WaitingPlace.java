package io.locky.internal.lock;

import java.time.Duration;

import io.locky.internal.lock.LockCommands.Waiting;

/**
 * The place of one request that waits. Its attempts are made one after the other, by any
 * thread; it may be closed at any time.
 */
interface WaitingPlace extends AutoCloseable {

	/**
	 * Begins an attempt.
	 * @param stays whether the request goes on waiting if it is denied
	 * @return how the attempt waits
	 */
	Waiting attempt(boolean stays);

	/**
	 * Ends an attempt. If it was denied and the request stays, it has a place now.
	 * @param reply the reply
	 * @param rest for how long the request waits still
	 * @return for how long it can sleep, unless it is woken; zero if it waits no longer
	 */
	Duration answered(AcquireReply reply, Duration rest);

	/** Gives the place up. */
	@Override
	void close();

}
