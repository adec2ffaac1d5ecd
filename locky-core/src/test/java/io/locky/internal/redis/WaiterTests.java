package io.locky.internal.redis;

import java.time.Duration;

import io.locky.testing.TestThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WaiterTests {

	private final Waiter waiter = new Waiter();

	@Test
	@Timeout(10)
	void wakeBeforeTheSleepIsNotLost() throws InterruptedException {
		this.waiter.wake();
		this.waiter.await(Duration.ofMinutes(5));
	}

	@Test
	@Timeout(10)
	void wakeEndsTheSleep() throws InterruptedException {
		Thread sleeper = TestThreads.start(() -> {
			try {
				this.waiter.await(Duration.ofMinutes(5));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		this.waiter.wake();
		sleeper.join();
	}

	@Test
	@Timeout(10)
	void sleepEndsByItself() throws InterruptedException {
		this.waiter.await(Duration.ofMillis(1));
	}

}
