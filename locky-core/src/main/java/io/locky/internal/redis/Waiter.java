package io.locky.internal.redis;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets one thread wait until it is woken or a time has passed, by the monotonic clock. A
 * wake while no thread waits is not lost: the next wait ends at once.
 */
public final class Waiter {

	private final Semaphore wakes = new Semaphore(0);

	/**
	 * Waits until the thread is woken.
	 * @param atMost how long to wait
	 * @throws InterruptedException if the thread is interrupted
	 */
	public void await(Duration atMost) throws InterruptedException {
		if (this.wakes.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
			this.wakes.drainPermits();
		}
	}

	/**
	 * Ends the wait, or the next one if no thread waits.
	 */
	public void wake() {
		this.wakes.release();
	}

}
