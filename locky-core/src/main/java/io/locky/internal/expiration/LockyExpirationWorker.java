package io.locky.internal.expiration;

import java.time.Duration;
import java.util.List;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.BackgroundThread;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.SignalListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

/**
 * Announces expired locks: drains the index of deadlines and publishes a
 * {@link io.locky.event.LockExpiredEvent} for each.
 * <p>
 * Redis' own {@code expired} notifications are not used: they come when Redis happens to
 * delete a key, which may be tens of seconds late, and are lost when nobody listens. The
 * worker sleeps to the next deadline, until a signal says that there is an earlier one,
 * and for half a second at most, should a signal be lost. Any number of workers may share
 * one Redis.
 *
 * @since 0.1.0
 */
public final class LockyExpirationWorker implements SmartLifecycle, SignalListener {

	private static final Logger logger = LoggerFactory.getLogger(LockyExpirationWorker.class);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final ExpiryCommands calls;

	private final LockySignals signals;

	private final LockyEventPublisher events;

	private final Duration ackTimeout;

	private final int listenerThreads;

	private volatile @Nullable ExpiryLoop run;

	private volatile @Nullable BackgroundThread thread;

	/**
	 * Creates a worker. It works once it is started. To be woken, it must be added to the
	 * signals as a listener.
	 * @param scripts the access to Redis
	 * @param keys the names of the keys
	 * @param signals who tells of earlier deadlines
	 * @param events where expiries are told
	 * @param ackTimeout how long a listener may take before the expiry is told again, by
	 * any instance; at least a second
	 * @param listenerThreads how many listeners may be at work at once; at least one
	 */
	public LockyExpirationWorker(ScriptRunner scripts, LockyKeys keys, LockySignals signals, LockyEventPublisher events,
			Duration ackTimeout, int listenerThreads) {
		Assert.isTrue(listenerThreads > 0, "'listenerThreads' must be at least 1");
		Assert.isTrue(ackTimeout.compareTo(Duration.ofSeconds(1)) >= 0, "'ackTimeout' must be at least a second");
		this.scripts = scripts;
		this.keys = keys;
		this.calls = new ExpiryCommands(keys);
		this.signals = signals;
		this.events = events;
		this.ackTimeout = ackTimeout;
		this.listenerThreads = listenerThreads;
	}

	@Override
	public synchronized void start() {
		if (this.run == null) {
			ExpiryLoop next = newRun();
			this.run = next;
			this.thread = BackgroundThread.start("locky-expiration", (self) -> next.run());
		}
	}

	private ExpiryLoop newRun() {
		NpmAdopter adopter = this.keys.isNpmInterop() ? new NpmAdopter(this.scripts, this.keys) : null;
		return new ExpiryLoop(this.scripts, this.events, this.listenerThreads, this::newTellers, adopter, this.signals);
	}

	private List<ExpiryDispatcher> newTellers(ExpiryPublisher listeners) {
		return this.keys.partitions()
			.stream()
			.map((partition) -> new ExpiryDispatcher(this.scripts, this.calls, partition, listeners, this.ackTimeout,
					System::nanoTime))
			.toList();
	}

	/**
	 * Stops the worker. What it has claimed is told and acknowledged first.
	 */
	@Override
	public synchronized void stop() {
		ExpiryLoop current = this.run;
		BackgroundThread worker = this.thread;
		if (current != null && worker != null) {
			current.stop();
			if (!ExpiryPublisher.isListener() && !worker.awaitEnd(STOP_TIMEOUT)) {
				logger
					.warn("The announcement of expired locks did not end within {} s: a listener is still at work, or "
							+ "Redis does not answer. What is left untold is told by another instance, or at the next start.",
							STOP_TIMEOUT.toSeconds());
			}
			current.abandon();
			this.run = null;
			this.thread = null;
		}
	}

	@Override
	public boolean isRunning() {
		BackgroundThread worker = this.thread;
		return worker != null && worker.isAlive();
	}

	/**
	 * After the connection to Redis when starting, before it when stopping; outlives the
	 * web server, whose last requests may still lock.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE / 2;
	}

	@Override
	public void deadlineChanged() {
		wake();
	}

	@Override
	public void subscribed() {
		wake();
	}

	private void wake() {
		ExpiryLoop current = this.run;
		if (current != null) {
			current.wake();
		}
	}

}
