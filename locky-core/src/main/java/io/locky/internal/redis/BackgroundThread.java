package io.locky.internal.redis;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * A daemon thread that works from a start to the stop that follows.
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
	 * @param work what it does; a loop ends when its thread {@linkplain #isStopped() is
	 * stopped}
	 * @return the thread
	 */
	public static BackgroundThread start(String name, Consumer<BackgroundThread> work) {
		BackgroundThread started = new BackgroundThread(name, work);
		started.thread.start();
		return started;
	}

	/**
	 * Asks the work to end. The caller wakes it if it sleeps.
	 */
	public void stop() {
		this.stopped = true;
	}

	/**
	 * Asks the work to end, and interrupts it.
	 */
	public void interrupt() {
		this.stopped = true;
		this.thread.interrupt();
	}

	/**
	 * Whether the work has to end.
	 * @return whether the thread was stopped
	 */
	public boolean isStopped() {
		return this.stopped;
	}

	/**
	 * Whether the work goes on.
	 * @return whether the thread has not ended
	 */
	public boolean isAlive() {
		return this.thread.isAlive();
	}

	/**
	 * Waits for the end of the work, unless the work itself calls this. If the caller is
	 * interrupted meanwhile, it keeps its flag and no longer waits.
	 * @param atMost how long to wait
	 * @return whether the work has ended, or ends when the caller returns
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
