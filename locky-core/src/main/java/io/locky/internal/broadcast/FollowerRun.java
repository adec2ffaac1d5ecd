package io.locky.internal.broadcast;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.OutageBackoff;
import io.locky.internal.redis.Waiter;

/**
 * The work of a follower from one start to the stop that follows. Shares nothing that
 * changes with the run after it.
 */
final class FollowerRun implements Runnable {

	/** The last hint for a while may get lost, which no other hint tells. */
	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	/** More wait in the log itself, where they need no memory here. */
	private static final int MOST_HINTS = 10_000;

	private final LogReader reader;

	private final LockySignals signals;

	/** Nothing but a wake-up where it is empty. */
	private final BlockingQueue<Optional<LogHint>> hints = new LinkedBlockingQueue<>(MOST_HINTS);

	private final Waiter pause = new Waiter();

	private final OutageBackoff outage = new OutageBackoff("Lock events of other instances");

	private final CountDownLatch ready = new CountDownLatch(1);

	private long nextReading = System.nanoTime();

	private volatile boolean behind = true;

	private volatile boolean stopped;

	FollowerRun(LogReader reader, LockySignals signals) {
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
				// Whoever means to end this thread calls stop().
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
		this.signals.subscribe();
	}

	/**
	 * Takes note of an event that happened now.
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
	 * Waits until the end of the log is known, from which on events are told.
	 * @param atMost how long to wait
	 * @throws InterruptedException if the thread is interrupted
	 */
	void awaitReady(Duration atMost) throws InterruptedException {
		this.ready.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
	}

	/** Lets the run end after the event that it is about to tell. */
	void stop() {
		this.stopped = true;
		this.hints.offer(Optional.empty());
		this.pause.wake();
	}

}
