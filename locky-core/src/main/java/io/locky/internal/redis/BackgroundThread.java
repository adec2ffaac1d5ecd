package io.locky.internal.redis;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * A daemon thread that works until it is stopped. Each start creates a new one, so that a
 * former thread that is slow to end still has its own stop.
 */
public final class BackgroundThread {

	private final Thread thread;

	private volatile boolean stopped;

	private BackgroundThread(String name, Consumer<BackgroundThread> work) {
		this.thread = new Thread(() -> work.accept(this), name);
		this.thread.setDaemon(true);
	}

	/**
	 * Starts a thread.
	 * @param name the name of the thread
	 * @param work the work; a loop in it must end once the thread
	 * {@linkplain #isStopped() is stopped}
	 * @return the thread
	 */
	public static BackgroundThread start(String name, Consumer<BackgroundThread> work) {
		BackgroundThread started = new BackgroundThread(name, work);
		started.thread.start();
		return started;
	}

	/**
	 * Makes the work end soon. The caller must wake it if it sleeps.
	 */
	public void stop() {
		this.stopped = true;
	}

	/**
	 * Makes the work end soon, and interrupts it.
	 */
	public void interrupt() {
		this.stopped = true;
		this.thread.interrupt();
	}

	/**
	 * Whether the work must end.
	 * @return whether the thread was stopped
	 */
	public boolean isStopped() {
		return this.stopped;
	}

	/**
	 * Whether the work is still running.
	 * @return whether the thread has not ended
	 */
	public boolean isAlive() {
		return this.thread.isAlive();
	}

	/**
	 * Waits for the end of the work, unless the caller is the work itself. An interrupt
	 * ends the wait; the flag of the caller stays set.
	 * @param atMost how long to wait
	 * @return whether the work has ended; true too if the caller is the work itself
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
