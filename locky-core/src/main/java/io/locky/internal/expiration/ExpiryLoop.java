package io.locky.internal.expiration;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.OutageBackoff;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.Waiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of an expiration worker from one start to the stop that follows. Shares no
 * mutable state with the loop of the next start.
 */
final class ExpiryLoop implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(ExpiryLoop.class);

	/** Short enough to extend the claims that wait for a slow listener in time. */
	private static final Duration BUSY_PAUSE = Duration.ofMillis(200);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

	private final ExecutorService threads;

	private final ExpiryPublisher publisher;

	private final DuePartitions partitions;

	private final @Nullable NpmAdopter adopter;

	private final LockySignals signals;

	private final Waiter waiter = new Waiter();

	private final OutageBackoff outage = new OutageBackoff("Expired locks");

	/** Claims of attempts of this instance. Guards {@link #closed}, too. */
	private final Queue<Handover> handovers = new ArrayDeque<>();

	private boolean closed;

	private volatile boolean stopped;

	ExpiryLoop(ScriptRunner scripts, LockyEventPublisher events, int threads,
			Function<ExpiryPublisher, List<ExpiryDispatcher>> dispatchers, @Nullable NpmAdopter adopter,
			LockySignals signals) {
		this.threads = ExpiryPublisher.threads(threads);
		this.publisher = new ExpiryPublisher(events, this.threads, this.waiter::wake);
		this.partitions = new DuePartitions(scripts, dispatchers.apply(this.publisher));
		this.adopter = adopter;
		this.signals = signals;
	}

	@Override
	public void run() {
		while (!this.stopped) {
			try {
				this.waiter.await(publishDue());
			}
			catch (InterruptedException ex) {
				// The thread ends by stop(), not by an interrupt.
				continue;
			}
		}
		finish();
		this.threads.shutdown();
		this.partitions.close();
	}

	/**
	 * Takes over a claim that an attempt of this instance has made.
	 * @param partition the number of its partition
	 * @param claim the claim
	 * @param claimedAt when the attempt was sent, in nanoseconds
	 * @return whether this loop publishes it; false if it has ended
	 */
	boolean accept(int partition, ExpiryClaim claim, long claimedAt) {
		synchronized (this.handovers) {
			if (this.closed) {
				return false;
			}
			this.handovers.add(new Handover(partition, claim, claimedAt));
		}
		wake();
		return true;
	}

	private void dispatchHandovers(boolean last) {
		synchronized (this.handovers) {
			this.closed = last;
			Handover next = this.handovers.poll();
			while (next != null) {
				this.partitions.accept(next.partition(), next.claim(), next.claimedAt());
				next = this.handovers.poll();
			}
		}
	}

	private Duration publishDue() {
		try {
			dispatchHandovers(false);
			Duration next = this.partitions.dispatchDue();
			Duration pause = this.partitions.isBusy() ? BUSY_PAUSE : LONGEST_PAUSE;
			if (!this.stopped) {
				adopt();
				this.signals.subscribe();
			}
			this.outage.succeeded();
			return (next != null && next.compareTo(pause) < 0) ? next : pause;
		}
		catch (Throwable ex) {
			return this.stopped ? Duration.ZERO : this.outage.failed(ex);
		}
	}

	private void adopt() {
		if (this.adopter != null) {
			this.adopter.adoptSome();
		}
	}

	/** Waits for the listeners, and acknowledges what they published. */
	private void finish() {
		try {
			dispatchHandovers(true);
			settle();
			while (!this.publisher.isAbandoned() && this.partitions.isBusy()) {
				this.waiter.await(BUSY_PAUSE);
				settle();
			}
		}
		catch (InterruptedException ex) {
			logger.debug("Interrupted: what is published and not acknowledged will be published again", ex);
		}
		this.publisher.abandon();
	}

	private void settle() {
		try {
			this.partitions.settle();
		}
		catch (RuntimeException ex) {
			logger.debug("Not everything published could be acknowledged: the rest will be published again", ex);
		}
	}

	void wake() {
		this.waiter.wake();
	}

	/** Ends the loop after its claims are published. */
	void stop() {
		this.stopped = true;
		wake();
	}

	/** Ends the loop without waiting for listeners any longer. */
	void abandon() {
		this.publisher.abandon();
		wake();
	}

	/**
	 * A claim that an attempt of this instance has made.
	 *
	 * @param partition the number of its partition
	 * @param claim the claim
	 * @param claimedAt when the attempt was sent, in nanoseconds
	 */
	private record Handover(int partition, ExpiryClaim claim, long claimedAt) {

	}

}
