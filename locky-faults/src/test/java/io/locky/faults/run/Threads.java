package io.locky.faults.run;

/**
 * Waits for threads.
 */
final class Threads {

	private Threads() {
	}

	static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
