package io.locky.benchmark.experiment;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends threads.
 */
final class Threads {

	private Threads() {
	}

	/** Waits until all tasks have ended, and interrupts them if they do not. */
	static void end(ExecutorService threads) {
		threads.shutdown();
		try {
			if (!threads.awaitTermination(20, TimeUnit.SECONDS)) {
				threads.shutdownNow();
				threads.awaitTermination(10, TimeUnit.SECONDS);
			}
		}
		catch (InterruptedException ex) {
			threads.shutdownNow();
			Thread.currentThread().interrupt();
		}
	}

}
