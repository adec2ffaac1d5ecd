package io.locky.internal.people;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.locky.event.LockExpiredEvent;
import io.locky.event.LockOfferedEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.redis.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has lines looked at when nobody in them may notice in time that it is somebody's turn:
 * after an expiry, and at the end of an offer. The instance that publishes the event does
 * it. If it dies before, the next refresh of a place does it.
 */
final class LineOffers implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LineOffers.class);

	/** During an outage of Redis, or when very many locks expire at once. */
	private static final int MOST = 10_000;

	private static final int THREADS = 4;

	/** An offer is over in the millisecond of its end. */
	private static final Duration MARGIN = Duration.ofMillis(2);

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
			DaemonThreads.named("locky-line-timer-"));

	private final ExecutorService threads = DaemonThreads.pool("locky-line-", THREADS);

	private final Set<String> due = new LinkedHashSet<>();

	private final Consumer<List<String>> advance;

	/**
	 * Creates it.
	 * @param advance offers the locks of these resources, if they are free
	 */
	LineOffers(Consumer<List<String>> advance) {
		this.advance = advance;
		this.timer.setRemoveOnCancelPolicy(true);
		this.timer.setKeepAliveTime(1, TimeUnit.SECONDS);
		this.timer.allowCoreThreadTimeOut(true);
		this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	/**
	 * Notices an event, before the listeners of the application.
	 * @param event the event
	 */
	void on(LockyEvent event) {
		if (event instanceof LockExpiredEvent && !event.isRemote()) {
			look(event.getResource());
		}
		else if (event instanceof LockOfferedEvent offer && !event.isRemote()) {
			lookLater(offer.getResource(),
					Duration.between(offer.getOccurredAt(), offer.getOfferedUntil()).plus(MARGIN));
		}
	}

	private void lookLater(String resource, Duration pause) {
		if (this.timer.getQueue().size() < MOST) {
			quietly(() -> this.timer.schedule(() -> look(resource), pause.toMillis(), TimeUnit.MILLISECONDS));
		}
	}

	private void look(String resource) {
		synchronized (this.due) {
			boolean isScheduled = !this.due.isEmpty();
			if (this.due.size() < MOST) {
				this.due.add(resource);
			}
			if (isScheduled) {
				return;
			}
		}
		quietly(() -> this.threads.execute(this::advanceDue));
	}

	/**
	 * Runs a task on a thread of the lines.
	 * @param task the task; if it throws, that is logged
	 */
	void run(Runnable task) {
		quietly(() -> this.threads.execute(() -> {
			try {
				task.run();
			}
			catch (RuntimeException ex) {
				logger.debug("Redis did not answer a change of a line", ex);
			}
		}));
	}

	private void advanceDue() {
		List<String> resources;
		synchronized (this.due) {
			resources = new ArrayList<>(this.due);
			this.due.clear();
		}
		this.advance.accept(resources);
	}

	private void quietly(Runnable step) {
		try {
			step.run();
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Closed", ex);
		}
		catch (OutOfMemoryError ex) {
			logger.debug("No thread could be started to look at a line", ex);
			synchronized (this.due) {
				this.due.clear();
			}
		}
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		this.threads.shutdownNow();
	}

}
