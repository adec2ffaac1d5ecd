package io.locky.internal.redis;

import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * Warns once if a thread is about to wait for Redis that must not: an event loop of
 * Lettuce, of which the reply may need that very thread, or any thread that Reactor takes
 * for non-blocking, such as an event loop of a reactive web server. Event loops of other
 * libraries are not recognized.
 */
final class EventLoopCheck {

	private static final Logger logger = LoggerFactory.getLogger(EventLoopCheck.class);

	private static final boolean REACTOR = ClassUtils.isPresent("reactor.core.scheduler.Schedulers",
			EventLoopCheck.class.getClassLoader());

	/** With which Lettuce begins the names of its threads, those of event loops too. */
	private static final String LETTUCE = "lettuce-";

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Checks the calling thread. It costs other threads a few nanoseconds.
	 */
	void check() {
		Thread thread = Thread.currentThread();
		if (isEventLoop(thread) && this.warned.compareAndSet(false, true)) {
			logger.warn(
					"A call of LockyTemplate blocks '{}', a thread that must not block: all its other work waits for "
							+ "Redis, too. Use ReactiveLockyOperations there, or call LockyTemplate in a thread of "
							+ "Schedulers.boundedElastic(). There is no further warning.",
					thread.getName(), new IllegalStateException("Called here"));
		}
	}

	/** Not by a type of Netty: threads of its pools may block as well. */
	private static boolean isEventLoop(Thread thread) {
		return (REACTOR && ReactiveThreads.isNonBlocking(thread)) || thread.getName().startsWith(LETTUCE);
	}

}
