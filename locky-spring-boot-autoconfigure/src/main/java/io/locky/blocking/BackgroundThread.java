package io.locky.blocking;

import java.time.Duration;

/**
 * A thread that does some work from a start to the stop that follows. It does not keep
 * the JVM alive.
 *
 * @since 0.1.0
 */
public final class BackgroundThread {

	private final Thread thread;

	private BackgroundThread(Thread thread) {
		this.thread = thread;
	}

	/**
	 * Starts work.
	 * @param name the name of the thread
	 * @param work what it does
	 * @return the thread
	 */
	public static BackgroundThread start(String name, Runnable work) {
		Thread thread = new Thread(work, name);
		thread.setDaemon(true);
		thread.start();
		return new BackgroundThread(thread);
	}

	/**
	 * Whether the work goes on.
	 * @return whether the thread has not ended
	 */
	public boolean isAlive() {
		return this.thread.isAlive();
	}

	/**
	 * Waits for the end of the work, unless it is the work itself that waits. If the
	 * caller is interrupted meanwhile, it keeps its flag and no longer waits.
	 * @param atMost how long to wait
	 * @return whether the work has ended, or ends with what the caller does
	 */
	public boolean awaitEnd(Duration atMost) {
		if (this.thread == Thread.currentThread()) {
			return true;
		}
		try {
			this.thread.join(atMost.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return !isAlive();
	}

}
