package io.locky.web.internal.mvc;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads that write live streams. A servlet is written to by a thread that waits for
 * a slow reader. So there is no bound but that of the streams: a bounded pool would let
 * few slow readers hold up all others. None stays where nothing is to be written.
 */
final class StreamThreads {

	private StreamThreads() {
	}

	static Executor create() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("locky-stream-");
		threads.setDaemon(true);
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
	}

}
