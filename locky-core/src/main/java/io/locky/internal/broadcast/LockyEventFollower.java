package io.locky.internal.broadcast;

import java.time.Duration;
import java.time.Instant;

import io.locky.event.LockEventsMissedEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.event.OwnEvents;
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
 * Publishes the events of all other instances here too, and those of this instance whose
 * reply got lost.
 * <p>
 * Each event comes as a hint that names the event before it. The log is read on a hint
 * that does not follow the last event, after a new subscription, and every two seconds,
 * so that no event is missed as long as the log keeps it. Events of one resource are
 * published in the order in which they happened in Redis.
 */
public final class LockyEventFollower implements SmartLifecycle, SignalListener {

	private static final Logger logger = LoggerFactory.getLogger(LockyEventFollower.class);

	private static final Duration START_TIMEOUT = Duration.ofSeconds(1);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockySignals signals;

	private final LockyEventPublisher events;

	private final OwnEvents ownEvents;

	private volatile @Nullable FollowerLoop loop;

	private volatile @Nullable BackgroundThread thread;

	/**
	 * Creates a follower. It works once it is started. To receive hints, it must be added
	 * to the signals as a listener.
	 * @param scripts the access to Redis
	 * @param keys the names of the keys, with a log of events
	 * @param signals the subscription to hints
	 * @param events publishes the events
	 * @param ownEvents publishes the events of this instance that their callers miss
	 */
	public LockyEventFollower(ScriptRunner scripts, LockyKeys keys, LockySignals signals, LockyEventPublisher events,
			OwnEvents ownEvents) {
		Assert.isTrue(keys.eventLog().isKept(), "'keys' must have an event log: use withEventLog(…)");
		this.scripts = scripts;
		this.keys = keys;
		this.signals = signals;
		this.events = events;
		this.ownEvents = ownEvents;
	}

	/**
	 * Starts to publish what happens from now on. Waits until the end of the log has been
	 * read, a second at most: a caller that reads the locks afterwards misses no change.
	 */
	@Override
	public synchronized void start() {
		if (this.loop == null) {
			FollowerLoop next = new FollowerLoop(
					new LogReader(this.scripts, this.keys, this::publish, this::publishMissed), this.signals);
			this.loop = next;
			this.thread = BackgroundThread.start("locky-events", (self) -> next.run());
			awaitReady(next);
		}
	}

	private static void awaitReady(FollowerLoop loop) {
		try {
			loop.awaitReady(START_TIMEOUT);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void publish(LogEntry entry) {
		if (!entry.origin().equals(this.keys.eventLog().origin())) {
			this.events.publish(LoggedEvents.remote(this, entry));
		}
		else if (entry.kind() != LogEntry.Kind.EXPIRED) {
			// Expiries are published by the worker, or by another one.
			this.ownEvents.logged(entry.operation(), LoggedEvents.own(this, entry));
		}
		// An interrupt that a listener leaves behind must not reach the next one.
		Thread.interrupted();
	}

	private void publishMissed() {
		this.events.metrics().eventsMissed();
		this.events.publish(new LockEventsMissedEvent(this));
	}

	/**
	 * Stops after the event that is being published.
	 */
	@Override
	public synchronized void stop() {
		FollowerLoop current = this.loop;
		BackgroundThread follower = this.thread;
		if (current != null && follower != null) {
			current.stop();
			if (!follower.awaitEnd(STOP_TIMEOUT)) {
				logger.warn("A listener of lock events of other instances did not end within {} s",
						STOP_TIMEOUT.toSeconds());
			}
			this.loop = null;
			this.thread = null;
		}
	}

	@Override
	public boolean isRunning() {
		BackgroundThread follower = this.thread;
		return follower != null && follower.isAlive();
	}

	/**
	 * When the log was last read to its end.
	 * @return the time by the clock of this instance, or {@code null} before that
	 */
	public @Nullable Instant lastSuccess() {
		FollowerLoop current = this.loop;
		return (current != null) ? current.lastSuccess() : null;
	}

	@Override
	public void logged(String hint) {
		FollowerLoop current = this.loop;
		LogHint event = (current != null) ? LogHint.read(hint) : null;
		if (current != null && event != null) {
			current.offer(event);
		}
	}

	@Override
	public void subscribed() {
		FollowerLoop current = this.loop;
		if (current != null) {
			current.missedHints();
		}
	}

}
