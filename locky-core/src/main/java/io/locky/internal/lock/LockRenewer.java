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

	private final Renewals renewals;

	private final RenewalBatch batch;

	private final Waiter waiter;

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
		Waiter wakes = new Waiter();
		this.renewals = renewals;
		this.waiter = wakes;
		this.batch = new RenewalBatch(leases, keys, ticker, threads, wakes::wake);
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
			this.thread = BackgroundThread.start("locky-renewer", this::renew);
		}
	}

	private void renew(BackgroundThread self) {
		while (!self.isStopped()) {
			try {
				this.waiter.await(this.batch.renewDue(this.renewals.all()));
			}
			catch (InterruptedException ex) {
				return;
			}
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
