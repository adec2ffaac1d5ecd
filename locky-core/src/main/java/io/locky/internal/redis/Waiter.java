package io.locky.internal.redis;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets one thread sleep until it is woken or a time has passed, by the monotonic clock. A
 * wake that comes while nobody sleeps is not lost: the next sleep ends at once.
 *
 * @since 0.1.0
 */
public final class Waiter {

	private final Semaphore wakes = new Semaphore(0);

	/**
	 * Sleeps.
	 * @param atMost the longest time to sleep
	 * @throws InterruptedException if the thread is interrupted
	 */
	public void await(Duration atMost) throws InterruptedException {
		if (this.wakes.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
			this.wakes.drainPermits();
		}
	}

	/**
	 * Ends the sleep, or the next one if nobody sleeps.
	 */
	public void wake() {
		this.wakes.release();
	}

}
