package io.locky.web.internal.endpoint;

import java.util.concurrent.ThreadFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Threads of streams. They do not keep the JVM alive.
 */
public final class StreamThreads {

	private StreamThreads() {
	}

	/**
	 * Creates threads with names. They have the class loader of the thread that calls
	 * this. A request creates the first of them; with the class loader of the web server,
	 * it would look like a leak to that.
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

}
