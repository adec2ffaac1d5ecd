package io.locky.internal.expiration;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the expiries that an attempt found, before any worker did, to the worker of this
 * instance. An attempt publishes none itself: a listener that is slower than the lease
 * would cost the caller the lock that it has just acquired. Where no worker runs, an
 * attempt leaves them to the workers of other instances.
 */
public final class FoundExpiries {

	private static final Logger logger = LoggerFactory.getLogger(FoundExpiries.class);

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final @Nullable LockyExpirationWorker worker;

	private final Duration ackTimeout;

	private final Consumer<Runnable> cleanUp;

	/**
	 * Creates the handover.
	 * @param scripts the access to Redis
	 * @param keys the names of the keys
	 * @param worker the worker of this instance, or {@code null} if there is none
	 * @param ackTimeout the time after which an unacknowledged claim is due again
	 * @param cleanUp runs a step on another thread, again while it fails
	 */
	public FoundExpiries(ScriptRunner scripts, LockyKeys keys, @Nullable LockyExpirationWorker worker,
			Duration ackTimeout, Consumer<Runnable> cleanUp) {
		this.scripts = scripts;
		this.keys = keys;
		this.worker = worker;
		this.ackTimeout = ackTimeout;
		this.cleanUp = cleanUp;
	}

	/**
	 * The worker for which an attempt claims expiries.
	 * @return its name, empty if no worker runs on this instance
	 */
	public String claimer() {
		return (this.worker != null) ? this.worker.claimer() : "";
	}

	/**
	 * Has expiries published. Returns at once, and never throws: the caller has just
	 * acquired a lock. What cannot be handed over is due again after the ack timeout.
	 * @param claims the claims of an attempt
	 * @param claimedAt when the attempt was sent, by {@link System#nanoTime()}
	 */
	public void handOver(List<ExpiryClaim> claims, long claimedAt) {
		for (ExpiryClaim claim : claims) {
			quietly(() -> handOver(claim, claimedAt));
		}
	}

	private void handOver(ExpiryClaim claim, long claimedAt) {
		if (this.worker == null || !this.worker.accept(claim, claimedAt)) {
			// It ended after the attempt was sent.
			this.cleanUp.accept(() -> offer(claim, claimedAt));
		}
	}

	private void offer(ExpiryClaim claim, long claimedAt) {
		if (System.nanoTime() - claimedAt < this.ackTimeout.toNanos()) {
			this.scripts.run(ExpiryCommands.offer(this.keys, claim));
		}
	}

	/**
	 * Records that the answer to an attempt got lost, perhaps with claims on expiries.
	 * Returns at once, and never throws.
	 * @param resource a resource of the attempt
	 */
	public void answerLost(String resource) {
		if (this.worker != null) {
			LockyExpirationWorker current = this.worker;
			quietly(() -> current.recover(resource));
		}
	}

	private static void quietly(Runnable handover) {
		try {
			handover.run();
		}
		catch (Throwable ex) {
			logger.debug("Not handed over: a worker publishes it after the ack timeout", ex);
		}
	}

}
