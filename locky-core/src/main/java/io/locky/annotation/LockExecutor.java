package io.locky.annotation;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Threads for short calls to Redis, so that these neither block the threads of the
 * application nor wait for them. Nothing that waits for a lock runs here. The threads end
 * when there is nothing to do for a second.
 */
final class LockExecutor implements Executor {

	private static final int THREADS = 16;

	private final ThreadPoolExecutor threads;

	LockExecutor(String threadNamePrefix) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory(threadNamePrefix) {
			@Override
			public Thread newThread(Runnable task) {
				Thread thread = super.newThread(task);
				// That of the web application whose request came first would outlive it.
				thread.setContextClassLoader(LockExecutor.class.getClassLoader());
				return thread;
			}
		};
		factory.setDaemon(true);
		this.threads = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				factory);
		this.threads.allowCoreThreadTimeOut(true);
	}

	/**
	 * In the calling thread if no other can be created: what releases a lock must run.
	 */
	@Override
	public void execute(Runnable task) {
		try {
			this.threads.execute(task);
		}
		catch (OutOfMemoryError ex) {
			task.run();
		}
	}

}
