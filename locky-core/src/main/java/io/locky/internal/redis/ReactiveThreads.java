package io.locky.internal.redis;

import reactor.core.scheduler.Schedulers;

/**
 * What Reactor says about threads. This class is not loaded where there is no Reactor.
 */
final class ReactiveThreads {

	private ReactiveThreads() {
	}

	/**
	 * Whether a thread must not block.
	 * @param thread the thread
	 * @return whether it is marked as non-blocking, or the application has registered it
	 * as such
	 */
	static boolean isNonBlocking(Thread thread) {
		return Schedulers.isNonBlockingThread(thread);
	}

}
