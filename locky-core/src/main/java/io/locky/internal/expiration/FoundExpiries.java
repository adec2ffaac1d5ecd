package io.locky.internal.expiration;

import java.util.List;
import java.util.concurrent.ExecutorService;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the expiries that an attempt found, before any worker did, to the worker of this
 * instance. An attempt publishes none itself: a listener that is slower than the lease
 * would cost the caller the lock that it has just acquired. Where no worker runs, a
 * thread of this class publishes them.
 */
public final class FoundExpiries implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(FoundExpiries.class);

	/** One thread, which keeps their order. */
	private final ExecutorService executor = DaemonThreads.pool("locky-found-", 1);

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockyEventPublisher events;

	private final @Nullable LockyExpirationWorker worker;

	/**
	 * Creates the handover.
	 * @param scripts the access to Redis
	 * @param keys the names of the keys
	 * @param events publishes the expiries where no worker runs
	 * @param worker the worker of this instance, or {@code null} if there is none
	 */
	public FoundExpiries(ScriptRunner scripts, LockyKeys keys, LockyEventPublisher events,
			@Nullable LockyExpirationWorker worker) {
		this.scripts = scripts;
		this.keys = keys;
		this.events = events;
		this.worker = worker;
	}

	/**
	 * Has expiries published. Returns at once, and never throws: the caller has just
	 * acquired a lock. What cannot be handed over is due again after the ack timeout.
	 * @param claims the claims of an attempt
	 * @param claimedAt when the attempt was sent, by {@link System#nanoTime()}
	 */
	public void handOver(List<ExpiryClaim> claims, long claimedAt) {
		for (ExpiryClaim claim : claims) {
			try {
				handOver(claim, claimedAt);
			}
			catch (Throwable ex) {
				logger.debug("{} could not be handed over: a worker publishes it after the ack timeout", claim, ex);
			}
		}
	}

	private void handOver(ExpiryClaim claim, long claimedAt) {
		if (this.worker == null || !this.worker.accept(claim, claimedAt)) {
			this.executor.execute(() -> publish(claim));
		}
	}

	private void publish(ExpiryClaim claim) {
		claim.expiries().forEach((expiry) -> this.events.publish(expiry.toEvent(this)));
		try {
			this.scripts.run(ExpiryCommands.acknowledge(this.keys.partitionOf(claim.expiries().get(0).resource()),
					List.of(claim)));
		}
		catch (RuntimeException ex) {
			logger.debug("Published, but not acknowledged: a worker publishes it again", ex);
		}
	}

	/**
	 * Ends the thread after the expiry that it is publishing.
	 */
	@Override
	public void close() {
		this.executor.shutdown();
	}

}
