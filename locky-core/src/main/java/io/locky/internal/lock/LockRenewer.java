package io.locky.internal.lock;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import io.locky.internal.lock.Renewals.Renewal;
import io.locky.internal.redis.BackgroundThread;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.Waiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * The thread that renews handles, from its start to its stop. It wakes when the next
 * handle is due, and leaves the work to a {@link RenewalBatch}.
 */
final class LockRenewer implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(LockRenewer.class);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	/** How long to wait after a failure that is not one of Redis. */
	private static final Duration FAILURE_PAUSE = Duration.ofMillis(500);

	private final Renewals renewals;

	private final RenewalBatch batch;

	/** One for each start, so that a thread never takes the wake-up of another one. */
	private volatile Waiter waiter = new Waiter();

	private volatile @Nullable BackgroundThread thread;

	/**
	 * Creates a renewer. It renews once it is started.
	 * @param renewals the handles to renew
	 * @param leases refreshes and releases grants
	 * @param keys the names of the keys
	 * @param ticker the clock of the handles, in nanoseconds
	 */
	LockRenewer(Renewals renewals, Leases leases, LockyKeys keys, LongSupplier ticker) {
		SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("locky-renewal-");
		threads.setDaemon(true);
		this.renewals = renewals;
		this.batch = new RenewalBatch(leases, keys, ticker, threads, this::wake);
	}

	/**
	 * Makes the renewer check when the next handle is due.
	 */
	void wake() {
		this.waiter.wake();
	}

	@Override
	public synchronized void start() {
		if (this.thread == null) {
			Waiter own = new Waiter();
			this.waiter = own;
			this.thread = BackgroundThread.start("locky-renewer", (self) -> renew(self, own));
		}
	}

	private void renew(BackgroundThread self, Waiter own) {
		while (!self.isStopped()) {
			try {
				own.await(renewDue());
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	/** Whatever happens, leases end and other handles must be renewed. */
	private Duration renewDue() {
		try {
			return this.batch.renewDue(this.renewals.all());
		}
		catch (Throwable ex) {
			logger.error("Locks could not be renewed now. Trying again.", ex);
			return FAILURE_PAUSE;
		}
	}

	/**
	 * Stops renewing, and releases the locks that are still held. If Redis hangs, it
	 * returns after 10 s.
	 */
	@Override
	public synchronized void stop() {
		BackgroundThread current = this.thread;
		if (current != null) {
			this.thread = null;
			current.stop();
			this.waiter.wake();
			List<Renewal> held = this.renewals.all();
			held.forEach((renewal) -> this.renewals.remove(renewal.handle()));
			await(this.batch.release(held));
		}
	}

	private static void await(Future<Void> released) {
		try {
			released.get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.warn("Not all renewed locks could be released within {} s. The others end with their leases.",
					STOP_TIMEOUT.toSeconds());
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

}
