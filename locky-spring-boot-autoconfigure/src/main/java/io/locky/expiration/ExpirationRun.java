package io.locky.expiration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.locky.blocking.Outage;
import io.locky.blocking.ScriptRunner;
import io.locky.signal.LockySignals;
import io.locky.signal.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * The work of an expiration worker from one start to the stop that follows. Shares
 * nothing that changes with the run after it.
 */
final class ExpirationRun implements Runnable {

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

	private final ScriptRunner scripts;

	private final List<ExpiryTeller> tellers;

	private final @Nullable NpmAdopter adopter;

	private final LockySignals signals;

	private final Waiter waiter = new Waiter();

	private final Outage outage = new Outage("Expired locks");

	/** Until one of the partitions that had nothing to tell has. */
	private @Nullable Duration untilNext;

	private volatile boolean stopped;

	private volatile boolean abandoned;

	ExpirationRun(ScriptRunner scripts, List<ExpiryTeller> tellers, @Nullable NpmAdopter adopter,
			LockySignals signals) {
		this.scripts = scripts;
		this.tellers = tellers;
		this.adopter = adopter;
		this.signals = signals;
	}

	@Override
	public void run() {
		while (!this.stopped) {
			try {
				this.waiter.await(tellDue());
			}
			catch (InterruptedException ex) {
				// Whoever means to end this thread calls stop().
				continue;
			}
		}
	}

	private Duration tellDue() {
		try {
			Duration pause = drainAll();
			if (!this.stopped) {
				adopt();
				this.signals.subscribe();
			}
			this.outage.succeeded();
			return pause;
		}
		catch (Throwable ex) {
			return this.stopped ? Duration.ZERO : this.outage.failed(ex);
		}
	}

	private Duration drainAll() {
		Duration pause = LONGEST_PAUSE;
		for (ExpiryTeller teller : dueTellers()) {
			pause = min(pause, teller.tellDue(() -> this.abandoned));
		}
		return min(pause, this.untilNext);
	}

	/**
	 * Of many partitions only those that have something to tell: all are asked at once,
	 * without a claim that would be lost with an answer.
	 */
	private List<ExpiryTeller> dueTellers() {
		this.untilNext = null;
		if (this.tellers.size() == 1) {
			return this.tellers;
		}
		List<Long> next = this.scripts.runAll(this.tellers.stream().map(ExpiryTeller::peek).toList());
		List<ExpiryTeller> due = new ArrayList<>();
		for (int i = 0; i < next.size(); i++) {
			if (next.get(i) == 0) {
				due.add(this.tellers.get(i));
			}
			else if (next.get(i) > 0) {
				this.untilNext = min(Duration.ofMillis(next.get(i)), this.untilNext);
			}
		}
		return due;
	}

	private static Duration min(Duration one, @Nullable Duration other) {
		return (other == null || one.compareTo(other) < 0) ? one : other;
	}

	private void adopt() {
		if (this.adopter != null) {
			this.adopter.adoptSome();
		}
	}

	void wake() {
		this.waiter.wake();
	}

	/** Lets the run end after the batch that it is about to tell. */
	void stop() {
		this.stopped = true;
		wake();
	}

	/** Lets the run end after the listener that it is waiting for. */
	void abandon() {
		this.abandoned = true;
	}

}
