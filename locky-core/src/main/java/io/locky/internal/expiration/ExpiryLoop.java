package io.locky.internal.expiration;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.OutageBackoff;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.Waiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.lang.Contract;

/**
 * The work of an expiration worker from one start to the stop that follows. Shares
 * nothing that changes with the run after it.
 */
final class ExpiryLoop implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(ExpiryLoop.class);

	/** Short enough to prolong claims that wait for a slow listener in time. */
	private static final Duration BUSY_PAUSE = Duration.ofMillis(200);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

	private final DuePartitions peeks;

	private final ExecutorService threads;

	private final ExpiryPublisher listeners;

	private final List<ExpiryDispatcher> tellers;

	private final FailingLast partitions = new FailingLast();

	private final @Nullable NpmAdopter adopter;

	private final LockySignals signals;

	private final Waiter waiter = new Waiter();

	private final OutageBackoff outage = new OutageBackoff("Expired locks");

	/** Until one of the partitions that had nothing to tell has. */
	private @Nullable Duration untilNext;

	private volatile boolean stopped;

	ExpiryLoop(ScriptRunner scripts, LockyEventPublisher events, int threads,
			Function<ExpiryPublisher, List<ExpiryDispatcher>> tellers, @Nullable NpmAdopter adopter,
			LockySignals signals) {
		this.threads = ExpiryPublisher.threads(threads);
		this.listeners = new ExpiryPublisher(events, this.threads, this.waiter::wake);
		this.tellers = tellers.apply(this.listeners);
		this.peeks = new DuePartitions(scripts, this.tellers.stream().map(ExpiryDispatcher::peek).toList());
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
		finish();
		this.threads.shutdown();
		this.peeks.close();
	}

	/** Waits for the listeners, and acknowledges what they have heard. */
	private void finish() {
		try {
			settle();
			while (!this.listeners.isAbandoned() && isBusy()) {
				this.waiter.await(BUSY_PAUSE);
				settle();
			}
		}
		catch (InterruptedException ex) {
			logger.debug("Interrupted: what was told and not acknowledged will be told again", ex);
		}
		this.listeners.abandon();
	}

	private void settle() {
		try {
			this.partitions.forEach(answering(), ExpiryDispatcher::settle);
		}
		catch (RuntimeException ex) {
			logger.debug("Not all that was told could be acknowledged: it will be told again", ex);
		}
	}

	private boolean isBusy() {
		return this.tellers.stream().anyMatch((teller) -> teller.isBusy() && !this.partitions.isFailing(teller));
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
		this.untilNext = null;
		Set<ExpiryDispatcher> due = dueTellers();
		this.partitions.forEach(answering(), (teller) -> {
			if (due.contains(teller)) {
				this.untilNext = min(teller.tellDue(), this.untilNext);
			}
			else {
				teller.settle();
			}
		});
		return min(isBusy() ? BUSY_PAUSE : LONGEST_PAUSE, this.untilNext);
	}

	/** What was told in a partition that does not answer is acknowledged when it does. */
	private List<ExpiryDispatcher> answering() {
		return IntStream.range(0, this.tellers.size())
			.filter(this.peeks::isAnswering)
			.mapToObj(this.tellers::get)
			.toList();
	}

	/**
	 * Of many partitions only those that have something to tell: all are asked at once,
	 * without a claim that would be lost with an answer.
	 */
	private Set<ExpiryDispatcher> dueTellers() {
		if (this.tellers.size() == 1) {
			return Set.copyOf(this.tellers);
		}
		List<Long> next = this.peeks.ask();
		Set<ExpiryDispatcher> due = new HashSet<>();
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

	@Contract("!null, _ -> !null; _, !null -> !null")
	private static @Nullable Duration min(@Nullable Duration one, @Nullable Duration other) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return (one.compareTo(other) < 0) ? one : other;
	}

	private void adopt() {
		if (this.adopter != null) {
			this.adopter.adoptSome();
		}
	}

	void wake() {
		this.waiter.wake();
	}

	/** Lets the run end after what it has claimed is told. */
	void stop() {
		this.stopped = true;
		wake();
	}

	/** Lets the run end without the listeners that it is waiting for. */
	void abandon() {
		this.listeners.abandon();
		wake();
	}

}
