package io.locky.handle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import io.locky.LockHandle;
import io.locky.blocking.ScriptRunner;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockLostEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.event.LockyEventPublisher;
import io.locky.redis.Grant;
import io.locky.redis.LockyCalls;
import io.locky.redis.LockyKeys;
import io.locky.signal.Waiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Makes the handles of an application, and keeps those alive that asked for it: one
 * thread, one batch for all that are due.
 *
 * @since 0.1.0
 */
public final class LockRenewer implements SmartLifecycle, ApplicationListener<LockyEvent> {

	private static final Logger logger = LoggerFactory.getLogger(LockRenewer.class);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private static final int LOST_THREADS = 8;

	private final Renewals renewals = new Renewals();

	private final Executor lostExecutor = newLostExecutor();

	private final Waiter waiter = new Waiter();

	private final Leases leases;

	private final LockyEventPublisher events;

	private final RenewalBatch batch;

	private final LongSupplier ticker;

	private volatile @Nullable Thread thread;

	/**
	 * Creates a renewer. It renews once it is started.
	 * @param redis the access to Redis
	 * @param keys the names of the keys
	 * @param events where lost and released locks are told
	 */
	public LockRenewer(StringRedisTemplate redis, LockyKeys keys, LockyEventPublisher events) {
		this(new Leases(new ScriptRunner(redis.getRequiredConnectionFactory()), new LockyCalls(keys), null, events),
				keys, events, System::nanoTime);
	}

	LockRenewer(Leases leases, LockyKeys keys, LockyEventPublisher events, LongSupplier ticker) {
		this.leases = leases;
		this.events = events;
		this.ticker = ticker;
		SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("locky-renewal-");
		threads.setDaemon(true);
		this.batch = new RenewalBatch(leases, keys, ticker, threads, this.waiter::wake);
	}

	/**
	 * Makes the handle of a grant.
	 * @param grant the grant
	 * @param locker who holds it
	 * @param sent when Redis was asked, by {@link #nanoTime()}
	 * @param renewEvery how often to renew it, or {@code null} for never
	 * @return the handle
	 */
	public LockHandle handle(Grant grant, String locker, long sent, @Nullable Duration renewEvery) {
		FencedLockHandle handle = new FencedLockHandle(this, grant.resource(), locker, grant.fence(),
				FencedLockHandle.deadline(sent, grant.expiresIn()));
		if (renewEvery != null) {
			this.renewals.add(new Renewal(handle, sent, renewEvery.toNanos()));
			this.waiter.wake();
		}
		return handle;
	}

	/**
	 * The monotonic clock that leases are measured by.
	 * @return nanoseconds since some moment
	 */
	public long nanoTime() {
		return this.ticker.getAsLong();
	}

	/**
	 * A few threads: when Redis is gone for long, all handles are lost at once. They end
	 * when there is nothing to tell.
	 */
	private static Executor newLostExecutor() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("locky-lost-");
		threads.setDaemon(true);
		ThreadPoolExecutor executor = new ThreadPoolExecutor(LOST_THREADS, LOST_THREADS, 1, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads);
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	Leases leases() {
		return this.leases;
	}

	void forget(FencedLockHandle handle) {
		this.renewals.remove(handle);
	}

	/**
	 * Tells that a handle is gone. In another thread: what listens must not keep others
	 * from being renewed.
	 */
	void lost(FencedLockHandle handle) {
		forget(handle);
		this.lostExecutor.execute(() -> {
			this.events
				.publish(new LockLostEvent(this, handle.resource(), handle.locker(), handle.fence(), Instant.now()));
			handle.runLostCallbacks();
		});
	}

	/**
	 * Learns from an event that a handle has lost its lock, earlier than by the next
	 * renewal.
	 */
	@Override
	public void onApplicationEvent(LockyEvent event) {
		this.renewals.handlesOf(event.getResource())
			.stream()
			.filter((handle) -> ends(handle.fence(), event))
			.forEach(FencedLockHandle::lose);
	}

	private static boolean ends(long fence, LockyEvent event) {
		if (event instanceof LockAcquiredEvent) {
			return event.getFence() > fence;
		}
		return (event instanceof LockReleasedEvent || event instanceof LockExpiredEvent) && event.getFence() == fence;
	}

	@Override
	public synchronized void start() {
		if (this.thread == null) {
			Thread renewing = new Thread(this::work, "locky-renewer");
			renewing.setDaemon(true);
			this.thread = renewing;
			renewing.start();
		}
	}

	/**
	 * Stops renewing, and gives back what is still held. Does not wait for a Redis that
	 * hangs longer than some seconds.
	 */
	@Override
	public synchronized void stop() {
		Thread renewing = this.thread;
		if (renewing != null) {
			this.thread = null;
			this.waiter.wake();
			List<Renewal> held = this.renewals.all();
			held.forEach((renewal) -> forget(renewal.handle()));
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

	/**
	 * After the connection to Redis when starting, before it and before the subscription
	 * when stopping; outlives the web server, whose last requests may hold locks.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE / 2;
	}

	private void work() {
		while (Thread.currentThread() == this.thread) {
			try {
				this.waiter.await(this.batch.renewDue(this.renewals.all()));
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

}
