package io.locky.internal.lock;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that are kept for the next task, so that the system need not be able to start a
 * new one at the moment when it matters. A task for which no thread can be started waits
 * for one that is there, and is never lost.
 */
final class KeptThreads implements Executor {

	private static final Logger logger = LoggerFactory.getLogger(KeptThreads.class);

	private static final long KEEP_SECONDS = 60;

	private final HandoverQueue waiting = new HandoverQueue();

	private final ThreadPoolExecutor pool;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates an executor without threads.
	 * @param factory creates its threads
	 * @param most how many there are at most
	 */
	KeptThreads(ThreadFactory factory, int most) {
		RejectedExecutionHandler full = (task, executor) -> this.waiting.put(task);
		this.pool = new ThreadPoolExecutor(0, most, 1, TimeUnit.SECONDS, this.waiting, factory, full);
	}

	/**
	 * Starts the first thread, and keeps it until {@link #keepNone()}; others end when
	 * there is nothing to do for a minute.
	 */
	void keepOne() {
		this.pool.setKeepAliveTime(KEEP_SECONDS, TimeUnit.SECONDS);
		this.pool.setCorePoolSize(1);
		this.pool.prestartCoreThread();
	}

	/**
	 * Lets threads end when there is nothing to do for a second.
	 */
	void keepNone() {
		this.pool.setCorePoolSize(0);
		this.pool.setKeepAliveTime(1, TimeUnit.SECONDS);
	}

	@Override
	public void execute(Runnable task) {
		Runnable guarded = () -> run(task);
		try {
			this.pool.execute(guarded);
		}
		catch (Throwable ex) {
			this.waiting.put(guarded);
			warn(ex);
		}
	}

	/** Once, because many tasks may be affected. */
	private void warn(Throwable failure) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("No thread could be started now, so what it was for waits for another one: {}",
					String.valueOf(failure));
		}
	}

	/**
	 * Starts a thread if a task waits for one although there is none.
	 */
	void retry() {
		Runnable task = (this.pool.getPoolSize() == 0) ? this.waiting.poll() : null;
		if (task != null) {
			execute(task);
		}
	}

	/** The thread outlives whatever the task throws. */
	private static void run(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			logger.error("A task failed", ex);
		}
	}

	/**
	 * Refuses a task unless a thread is waiting for it, so that the pool starts a thread
	 * before it makes a task wait.
	 */
	private static final class HandoverQueue extends LinkedTransferQueue<Runnable> {

		private static final long serialVersionUID = 1L;

		@Override
		public boolean offer(Runnable task) {
			return tryTransfer(task);
		}

	}

}
