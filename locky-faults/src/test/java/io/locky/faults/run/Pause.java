package io.locky.faults.run;

import java.time.Duration;

import static org.awaitility.Awaitility.await;

/**
 * Time for faults to take effect.
 */
final class Pause {

	private Pause() {
	}

	static void of(Duration length) {
		long end = System.nanoTime() + length.toNanos();
		await().pollInterval(Duration.ofMillis(5))
			.pollDelay(Duration.ZERO)
			.atMost(length.plusMinutes(1))
			.until(() -> System.nanoTime() - end >= 0);
	}

	static void ofMillis(long length) {
		of(Duration.ofMillis(length));
	}

}
