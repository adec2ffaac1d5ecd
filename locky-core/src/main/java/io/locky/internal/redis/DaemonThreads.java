package io.locky.internal.redis;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Threads for short tasks. They do not keep the JVM alive.
 */
public final class DaemonThreads {

	private DaemonThreads() {
	}

	/**
	 * Creates threads with names. They have the class loader of the thread that calls
	 * this. A request may need the first of them; with the class loader of the web
	 * server, it would look like a leak to that.
	 * @param prefix what their names start with
	 * @return the factory
	 */
	public static ThreadFactory named(String prefix) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory(prefix);
		threads.setDaemon(true);
		ClassLoader classes = Thread.currentThread().getContextClassLoader();
		return (task) -> {
			Thread thread = threads.newThread(task);
			thread.setContextClassLoader(classes);
			return thread;
		};
	}

	/**
	 * Creates an executor whose threads end when there is nothing to do for a second.
	 * @param prefix what their names start with
	 * @param threads how many there are at most; a single one keeps the order of the
	 * tasks
	 * @return the executor
	 */
	public static ExecutorService pool(String prefix, int threads) {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(threads, threads, 1, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), named(prefix));
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

}
