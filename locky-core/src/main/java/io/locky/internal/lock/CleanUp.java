package io.locky.internal.lock;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.locky.internal.redis.Backoff;
import io.locky.internal.redis.DaemonThreads;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases locks that nobody holds a handle of, because their caller was interrupted or
 * Redis did not answer. It works on a thread of its own, which the caller's interrupts
 * cannot reach, and tries again until the leases would have ended anyway.
 */
final class CleanUp implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(CleanUp.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	/** For locks whose leases do not end. */
	private static final Duration LONGEST = Duration.ofHours(1);

	/** During a long outage of Redis. */
	private static final int MOST = 10_000;

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private final ScheduledThreadPoolExecutor executor = newExecutor();

	private final LongSupplier ticker;

	CleanUp(LongSupplier ticker) {
		this.ticker = ticker;
	}

	/** The thread ends when there is nothing to do. */
	private static ScheduledThreadPoolExecutor newExecutor() {
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1,
				DaemonThreads.named("locky-clean-up-"));
		executor.setKeepAliveTime(1, TimeUnit.SECONDS);
		executor.allowCoreThreadTimeOut(true);
		executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		return executor;
	}

	/**
	 * Runs a step until it succeeds, or the leases have ended.
	 * @param lease the length of the leases, or {@code null} if they do not end
	 * @param step a step that may be repeated
	 * @param givenUp runs if it never succeeded
	 */
	void run(@Nullable Duration lease, Runnable step, Runnable givenUp) {
		long end = this.ticker.getAsLong() + ((lease != null) ? lease : LONGEST).toNanos();
		if (this.executor.getQueue().size() < MOST) {
			schedule(new Attempt(step, givenUp, end, new Backoff(FIRST_PAUSE, LONGEST_PAUSE)), Duration.ZERO);
		}
		else {
			logger.warn("{} locks wait for Redis to be released: one more is not, and ends with its lease", MOST);
			givenUp.run();
		}
	}

	/**
	 * Runs a step once, which must not throw.
	 * @param step the step
	 */
	void runOnce(Runnable step) {
		try {
			this.executor.execute(step);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Closed", ex);
		}
	}

	private void schedule(Attempt attempt, Duration pause) {
		try {
			this.executor.schedule(attempt, pause.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Closed: locks that were not released end with their leases", ex);
			attempt.givenUp.run();
		}
	}

	/**
	 * Gives the steps that are running two seconds to end.
	 */
	@Override
	public void close() {
		this.executor.shutdown();
		try {
			if (!this.executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				this.executor.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			this.executor.shutdownNow();
			Thread.currentThread().interrupt();
		}
	}

	/** A step, and the pauses between its attempts. */
	private final class Attempt implements Runnable {

		private final Runnable step;

		private final Runnable givenUp;

		private final long end;

		private final Backoff pauses;

		private Attempt(Runnable step, Runnable givenUp, long end, Backoff pauses) {
			this.step = step;
			this.givenUp = givenUp;
			this.end = end;
			this.pauses = pauses;
		}

		@Override
		public void run() {
			try {
				this.step.run();
			}
			catch (Throwable ex) {
				if (CleanUp.this.ticker.getAsLong() - this.end < 0) {
					logger.debug("A lock could not be released now", ex);
					schedule(this, this.pauses.next());
				}
				else {
					logger.warn("A lock could not be released within its lease: {}", ex.getMessage());
					this.givenUp.run();
				}
			}
		}

	}

}
