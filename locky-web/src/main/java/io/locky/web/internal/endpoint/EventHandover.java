package io.locky.web.internal.endpoint;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjLongConsumer;

import org.springframework.context.ApplicationEvent;

/**
 * Hands events over to a thread of its own, in their order. If too many wait, those that
 * follow are lost, and the receiver is notified of that once.
 */
final class EventHandover {

	private static final int MOST_WAITING = 10_000;

	private final Executor executor;

	private final ObjLongConsumer<ApplicationEvent> receiver;

	private final Runnable missed;

	private final AtomicBoolean anyMissed = new AtomicBoolean();

	/**
	 * Creates a handover. Its thread ends when there is nothing to do.
	 * @param receiver receives each event, and when it was handed over by
	 * {@link System#nanoTime()}
	 * @param missed called when events were lost
	 */
	EventHandover(ObjLongConsumer<ApplicationEvent> receiver, Runnable missed) {
		this.receiver = receiver;
		this.missed = missed;
		this.executor = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING),
				StreamThreads.named("locky-stream-events-"));
	}

	void accept(ApplicationEvent event) {
		long now = System.nanoTime();
		try {
			this.executor.execute(() -> receive(event, now));
		}
		catch (RejectedExecutionException ex) {
			this.anyMissed.set(true);
		}
	}

	private void receive(ApplicationEvent event, long publishedAt) {
		if (this.anyMissed.getAndSet(false)) {
			this.missed.run();
		}
		this.receiver.accept(event, publishedAt);
	}

}
