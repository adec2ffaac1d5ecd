package io.locky.internal.expiration;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.OutageBackoff;
import io.locky.internal.redis.RedisErrors;
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

	private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

	/** The pause before a partition is looked at again that did not answer. */
	private static final Duration LONG_PAUSE = Duration.ofMillis(500);

	/** The longest pause while no hints arrive. */
	private static final Duration UNHINTED_PAUSE = Duration.ofSeconds(1);

	private final String claimer;

	private final ExecutorService threads;

	private final ExpiryPublisher publisher;

	private final DuePartitions partitions;

	private final ExpirySchedule schedule;

	private final @Nullable NpmAdopter adopter;

	private final LockySignals signals;

	private final Waiter waiter = new Waiter();

	private final OutageBackoff outage = new OutageBackoff("Expired locks");

	private final OutageBackoff adoption = new OutageBackoff("Expired locks of the npm package");

	/** What attempts of this instance hand over. Guards {@link #closed}, too. */
	private final Queue<Consumer<DuePartitions>> handovers = new ArrayDeque<>();

	private boolean closed;

	private boolean lostOnce;

	private volatile @Nullable Instant lastSuccess;

	private volatile boolean stopped;

	ExpiryLoop(String claimer, ScriptRunner scripts, LockyEventPublisher events, ExecutorService threads,
			Function<ExpiryPublisher, List<ExpiryDispatcher>> dispatchers, ExpirySchedule schedule,
			@Nullable NpmAdopter adopter, LockySignals signals) {
		this.claimer = claimer;
		this.threads = threads;
		this.publisher = new ExpiryPublisher(events, this.threads, this.waiter::wake);
		this.partitions = new DuePartitions(scripts, dispatchers.apply(this.publisher), schedule);
		this.schedule = schedule;
		this.adopter = adopter;
		this.signals = signals;
	}

	@Override
	public void run() {
		while (!this.stopped) {
			publishAndWait();
		}
		try {
			finish();
		}
		catch (Throwable ex) {
			logger.debug("Not everything was published: another instance publishes the rest", ex);
		}
		this.publisher.abandon();
		this.threads.shutdown();
		this.partitions.close();
	}

	/** Nothing that fails ends the loop, not even the log. */
	private void publishAndWait() {
		Duration pause;
		try {
			publishDue();
			pause = pauseAfterSuccess();
		}
		catch (Throwable ex) {
			pause = pauseAfter(ex);
		}
		try {
			if (!this.stopped) {
				this.waiter.await(pause);
			}
		}
		catch (InterruptedException ex) {
			// The thread ends by stop(), not by an interrupt.
			return;
		}
	}

	private Duration pauseAfterSuccess() {
		this.partitions.retryIn(LONG_PAUSE);
		if (!this.signals.isSubscribed()) {
			this.schedule.look(UNHINTED_PAUSE);
		}
		if (this.partitions.isBusy()) {
			return this.schedule.sleep(BUSY_PAUSE);
		}
		return this.schedule.sleep(this.partitions.isUncertain() ? LONG_PAUSE : this.schedule.interval());
	}

	/**
	 * The partitions that failed are looked at again after a pause, which is no longer
	 * than the time between two looks. The others must not wait for that.
	 */
	private Duration pauseAfter(Throwable failure) {
		Duration retry = retryPause(failure);
		try {
			this.partitions.retryIn(retry);
			Duration pause = this.schedule.sleep(retry);
			return (pause.compareTo(RETRY_PAUSE) < 0) ? RETRY_PAUSE : pause;
		}
		catch (Throwable ex) {
			return LONG_PAUSE;
		}
	}

	/** A connection that was lost once is no outage: the next round opens another. */
	private Duration retryPause(Throwable failure) {
		try {
			if (!this.lostOnce && RedisErrors.isUnanswered(failure)) {
				this.lostOnce = true;
				logger.debug("Redis did not answer, trying again", failure);
				return RETRY_PAUSE;
			}
			Duration pause = this.outage.failed(failure);
			return min(pause, this.schedule.interval());
		}
		catch (Throwable unlogged) {
			return LONG_PAUSE;
		}
	}

	private static Duration min(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/** When all partitions answered last. */
	@Nullable Instant lastSuccess() {
		return this.lastSuccess;
	}

	/** The name that this worker has in its claims. */
	String claimer() {
		return this.claimer;
	}

	/**
	 * Takes over a claim that an attempt of this instance has made.
	 * @param partition the number of its partition
	 * @param claim the claim
	 * @param claimedAt when the attempt was sent, in nanoseconds
	 * @return whether this loop publishes it; false if it has ended
	 */
	boolean accept(int partition, ExpiryClaim claim, long claimedAt) {
		return handOver((partitions) -> partitions.accept(partition, claim, claimedAt));
	}

	/**
	 * Has the claims published that attempts made for this worker, and whose answers may
	 * have been lost.
	 * @param partition the number of their partition
	 */
	void recover(int partition) {
		handOver((partitions) -> partitions.recover(partition));
	}

	private boolean handOver(Consumer<DuePartitions> handover) {
		synchronized (this.handovers) {
			if (this.closed) {
				return false;
			}
			this.handovers.add(handover);
		}
		wake();
		return true;
	}

	private void dispatchHandovers(boolean last) {
		synchronized (this.handovers) {
			this.closed = last;
			Consumer<DuePartitions> next = this.handovers.peek();
			while (next != null) {
				next.accept(this.partitions);
				this.handovers.remove();
				next = this.handovers.peek();
			}
		}
	}

	private void publishDue() {
		dispatchHandovers(false);
		this.partitions.dispatchDue();
		if (!this.stopped) {
			adopt();
			this.signals.subscribe();
		}
		this.lostOnce = false;
		this.outage.succeeded();
		this.lastSuccess = Instant.now();
	}

	/** A failure delays no expiry: a full Redis, for example, accepts no adoption. */
	private void adopt() {
		if (this.adopter != null) {
			try {
				this.schedule.due(0, this.adopter.adoptSome());
				this.adoption.succeeded();
			}
			catch (RuntimeException ex) {
				this.adoption.failed(ex);
			}
		}
	}

	/** Waits for the listeners, and acknowledges what they published. */
	private void finish() {
		dispatchHandovers(true);
		settle();
		while (!this.publisher.isAbandoned() && this.partitions.isBusy()) {
			try {
				this.waiter.await(BUSY_PAUSE);
			}
			catch (InterruptedException ex) {
				// The thread ends when all is published, or by abandon().
				continue;
			}
			settle();
		}
	}

	private void settle() {
		try {
			this.partitions.settle();
		}
		catch (Throwable ex) {
			logger.debug("Not everything published could be acknowledged: the rest will be published again", ex);
		}
	}

	/**
	 * Records that a partition has something due.
	 * @param partition the number of the partition
	 * @param after the time until then
	 */
	void due(int partition, Duration after) {
		if (this.schedule.due(partition, after)) {
			this.waiter.wake();
		}
	}

	/** Looks at all partitions now. */
	void look() {
		this.schedule.look(Duration.ZERO);
		this.waiter.wake();
	}

	private void wake() {
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

}
