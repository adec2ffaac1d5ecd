package io.locky.internal.lock;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.locky.internal.lock.Renewals.Renewal;
import io.locky.internal.redis.BackgroundThread;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.Waiter;
import io.locky.metrics.LockyMetrics.LossReason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

/**
 * The thread that renews handles, from its start to its stop, and whenever there is a
 * handle to renew. It wakes when the next handle is due, and leaves the work to a
 * {@link RenewalBatch}.
 */
final class LockRenewer implements SmartLifecycle, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LockRenewer.class);

	/** How long a stop waits for the commands that release locks. */
	private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(10);

	/** How long a stop waits for the listeners of a loss. */
	private static final Duration LISTENER_TIMEOUT = Duration.ofSeconds(3);

	/** How long to wait after a failure that is not one of Redis. */
	private static final Duration FAILURE_PAUSE = Duration.ofMillis(500);

	/** How long a thread that was not started waits for the next handle. */
	private static final Duration IDLE = Duration.ofSeconds(1);

	/** Up to 64 partitions, and renewals beside those that have no answer yet. */
	private static final int THREADS = 256;

	private final Renewals renewals;

	private final RenewalBatch batch;

	private final LossDispatcher losses;

	private final KeptThreads threads;

	private final Duration shutdownTimeout;

	/** One for each thread, so that none takes the wake-up of another one. */
	private volatile Waiter waiter = new Waiter();

	private @Nullable BackgroundThread thread;

	private volatile boolean started;

	private volatile boolean closed;

	/** Attempts whose handles are to be renewed. */
	private int reserved;

	/**
	 * Creates a renewer.
	 * @param renewals the handles to renew
	 * @param leases refreshes and releases grants
	 * @param keys the names of the keys
	 * @param losses publishes the loss of handles
	 * @param clock the clock of the handles, and that of Redis
	 * @param shutdownTimeout how long a stop waits for the end of the code that locks
	 * protect
	 * @param threads creates the threads of renewals
	 */
	LockRenewer(Renewals renewals, Leases leases, LockyKeys keys, LossDispatcher losses, ServerClock clock,
			Duration shutdownTimeout, ThreadFactory threads) {
		this.renewals = renewals;
		this.losses = losses;
		this.shutdownTimeout = shutdownTimeout;
		this.threads = new KeptThreads(threads, THREADS);
		this.batch = new RenewalBatch(leases, keys, clock, losses.metrics(), this.threads, this::wake);
	}

	/**
	 * Makes the renewer check when the next handle is due.
	 */
	void wake() {
		this.waiter.wake();
	}

	@Override
	public synchronized void start() {
		ensureThread();
		this.started = true;
	}

	/**
	 * Makes sure that a handle can be renewed, until {@link #free()}.
	 * @throws IllegalStateException if the renewer was closed
	 */
	synchronized void reserve() {
		Assert.state(!this.closed, "A closed LockyTemplate does not renew locks: acquire the lock before it is closed, "
				+ "or without autoRenew() and with a TTL that is long enough");
		ensureThread();
		this.reserved++;
	}

	/**
	 * Ends what {@link #reserve()} began. A handle that was added meanwhile is renewed.
	 */
	synchronized void free() {
		this.reserved--;
	}

	/** With its first threads: later, perhaps none can be started. */
	private void ensureThread() {
		if (this.thread == null) {
			this.threads.keepOne();
			this.losses.keepThread();
			Waiter own = new Waiter();
			this.waiter = own;
			this.thread = BackgroundThread.start("locky-renewer", (self) -> renew(own));
		}
	}

	private void renew(Waiter own) {
		long lastUse = System.nanoTime();
		while (!endIfIdle(lastUse)) {
			Duration pause = renewDue();
			await(own, (this.started || pause.compareTo(IDLE) < 0) ? pause : IDLE);
			lastUse = isInUse() ? System.nanoTime() : lastUse;
		}
	}

	private static void await(Waiter own, Duration pause) {
		try {
			own.await(pause);
		}
		catch (InterruptedException ex) {
			logger.debug("The renewal of locks was interrupted and goes on", ex);
		}
	}

	private synchronized boolean isInUse() {
		return this.started || this.reserved > 0 || !this.renewals.isEmpty();
	}

	private synchronized boolean endIfIdle(long lastUse) {
		boolean idle = !isInUse() && (this.closed || System.nanoTime() - lastUse > IDLE.toNanos());
		if (idle) {
			this.thread = null;
			this.threads.keepNone();
			this.losses.keepNoThread();
		}
		return idle;
	}

	/** Whatever happens, leases end and other handles must be renewed. */
	private Duration renewDue() {
		try {
			this.threads.retry();
			this.losses.retry();
			return this.batch.renewDue(this.renewals.all());
		}
		catch (Throwable ex) {
			logger.error("Locks could not be renewed now. Trying again.", ex);
			return FAILURE_PAUSE;
		}
	}

	/**
	 * Gives back the locks that are renewed, and waits for the end of the code that they
	 * protect, for the shutdown time-out at most. A lock is renewed until its code ends.
	 * Where the time is over first, its loss is published, and its lease ends by itself:
	 * others do not get the lock before.
	 */
	@Override
	public void stop() {
		this.started = false;
		long end = System.nanoTime() + this.shutdownTimeout.toNanos();
		try {
			giveBackIdle();
			List<Renewal> running = this.renewals.awaitNoneInUse(Duration.ofNanos(end - System.nanoTime()));
			if (!running.isEmpty()) {
				abandon(running);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			abandon(this.renewals.inUse());
		}
		wake();
	}

	/** Code that relies on such a handle may run as well: the handle is lost first. */
	private void giveBackIdle() throws InterruptedException {
		List<Renewal> idle = this.renewals.all()
			.stream()
			.filter((renewal) -> !renewal.isInUse() && renewal.handle().markLost(LossReason.SHUTDOWN))
			.toList();
		if (!idle.isEmpty()) {
			this.losses.awaitPublished(LISTENER_TIMEOUT);
			await(this.batch.release(idle));
		}
	}

	private static void await(Future<Void> released) throws InterruptedException {
		try {
			released.get(RELEASE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.warn("Not all renewed locks could be released within {} s. The others end with their leases.",
					RELEASE_TIMEOUT.toSeconds());
		}
	}

	private void abandon(List<Renewal> running) {
		running.forEach((renewal) -> renewal.handle().markLost(LossReason.SHUTDOWN));
		logger.warn(
				"The code that {} locks protect did not end within the shutdown time-out of {}. Their loss is "
						+ "published, and they stay locked until their leases end.",
				running.size(), this.shutdownTimeout);
		try {
			this.losses.awaitPublished(LISTENER_TIMEOUT);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.started;
	}

	/**
	 * Refuses handles from now on, and stops.
	 */
	@Override
	public void close() {
		synchronized (this) {
			this.closed = true;
		}
		stop();
	}

}
