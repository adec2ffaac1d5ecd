package io.locky.internal.broadcast;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.OutageBackoff;
import io.locky.internal.redis.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * The work of a follower from one start to the stop that follows. Shares no mutable state
 * with the loop of the next start.
 */
final class FollowerLoop implements Runnable {

	/** The last hint for a while may get lost, and no later hint shows the gap. */
	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	/** Further events are read from the log, where they take no memory here. */
	private static final int MOST_HINTS = 10_000;

	private final LogReader reader;

	private final LockySignals signals;

	/** An empty one only wakes the loop. */
	private final BlockingQueue<Optional<LogHint>> hints = new LinkedBlockingQueue<>(MOST_HINTS);

	private final Waiter pause = new Waiter();

	private final OutageBackoff outage = new OutageBackoff("Lock events of other instances");

	private final CountDownLatch ready = new CountDownLatch(1);

	private long nextReading = System.nanoTime();

	private volatile boolean behind = true;

	private volatile @Nullable Instant lastSuccess;

	private volatile boolean stopped;

	FollowerLoop(LogReader reader, LockySignals signals) {
		this.reader = reader;
		this.signals = signals;
	}

	@Override
	public void run() {
		while (!this.stopped) {
			try {
				this.pause.await(follow(nextHint()));
			}
			catch (InterruptedException ex) {
				// The thread ends by stop(), not by an interrupt.
				continue;
			}
		}
	}

	private Optional<LogHint> nextHint() throws InterruptedException {
		Optional<LogHint> hint = this.behind ? null : this.hints.poll(untilReading(), TimeUnit.NANOSECONDS);
		return (hint != null) ? hint : Optional.empty();
	}

	private long untilReading() {
		return this.nextReading - System.nanoTime();
	}

	private Duration follow(Optional<LogHint> hint) {
		try {
			hint.ifPresent(this.reader::follow);
			if (this.behind || untilReading() <= 0) {
				catchUp();
			}
			return Duration.ZERO;
		}
		catch (Throwable ex) {
			this.behind = true;
			return this.stopped ? Duration.ZERO : this.outage.failed(ex);
		}
	}

	private void catchUp() {
		this.behind = false;
		this.reader.catchUp();
		this.nextReading = System.nanoTime() + LONGEST_PAUSE.toNanos();
		this.ready.countDown();
		this.outage.succeeded();
		this.lastSuccess = Instant.now();
		this.signals.subscribe();
	}

	/**
	 * Adds an event that happened now.
	 * @param hint the event
	 */
	void offer(LogHint hint) {
		if (!this.hints.offer(Optional.of(hint))) {
			this.behind = true;
		}
	}

	/** Hints may have been lost. */
	void missedHints() {
		this.behind = true;
		this.hints.offer(Optional.empty());
	}

	/**
	 * Waits until the end of the log has been read. Later events are published.
	 * @param atMost how long to wait
	 * @throws InterruptedException if the thread is interrupted
	 */
	void awaitReady(Duration atMost) throws InterruptedException {
		this.ready.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
	}

	/** When the log was read last. */
	@Nullable Instant lastSuccess() {
		return this.lastSuccess;
	}

	/** Ends the loop after the event that it is publishing. */
	void stop() {
		this.stopped = true;
		this.hints.offer(Optional.empty());
		this.pause.wake();
	}

}
