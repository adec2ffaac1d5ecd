package io.locky.internal.broadcast;

import java.time.Duration;

import io.locky.event.LockEventsMissedEvent;
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
 * Publishes the events of all other instances here too.
 * <p>
 * Each event comes as a hint that names the event before it. Where one does not follow,
 * after a new subscription, and every two seconds the log is read, so that nothing is
 * missed as long as the log keeps it. Events of one resource are told in the order of
 * Redis.
 *
 * @since 0.1.0
 */
public final class LockyEventFollower implements SmartLifecycle, SignalListener {

	private static final Logger logger = LoggerFactory.getLogger(LockyEventFollower.class);

	private static final Duration START_TIMEOUT = Duration.ofSeconds(1);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockySignals signals;

	private final LockyEventPublisher events;

	private volatile @Nullable FollowerRun run;

	private volatile @Nullable BackgroundThread thread;

	/**
	 * Creates a follower. It works once it is started. To follow hints, it must be added
	 * to the signals as a listener.
	 * @param scripts the access to Redis
	 * @param keys the names of the keys, with a log of events
	 * @param signals who tells of new events
	 * @param events where they are told
	 */
	public LockyEventFollower(ScriptRunner scripts, LockyKeys keys, LockySignals signals, LockyEventPublisher events) {
		Assert.isTrue(keys.eventLog().isKept(), "'keys' must have an event log: use withEventLog(…)");
		this.scripts = scripts;
		this.keys = keys;
		this.signals = signals;
		this.events = events;
	}

	/**
	 * Starts to tell what happens from now on. Waits until the place in the log is known,
	 * a second at most, so that whoever reads the state afterwards misses nothing.
	 */
	@Override
	public synchronized void start() {
		if (this.run == null) {
			FollowerRun next = new FollowerRun(new LogReader(this.scripts, this.keys, this::tell, this::tellMissed),
					this.signals);
			this.run = next;
			this.thread = BackgroundThread.start("locky-events", (self) -> next.run());
			awaitReady(next);
		}
	}

	private static void awaitReady(FollowerRun run) {
		try {
			run.awaitReady(START_TIMEOUT);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void tell(LogEntry entry) {
		if (!entry.origin().equals(this.keys.eventLog().origin())) {
			this.events.publish(RemoteEvents.of(this, entry));
			// What a listener left behind must not end this thread.
			Thread.interrupted();
		}
	}

	private void tellMissed() {
		this.events.publish(new LockEventsMissedEvent(this));
	}

	/**
	 * Stops after the event that is being told.
	 */
	@Override
	public synchronized void stop() {
		FollowerRun current = this.run;
		BackgroundThread follower = this.thread;
		if (current != null && follower != null) {
			current.stop();
			if (!follower.awaitEnd(STOP_TIMEOUT)) {
				logger.warn("A listener of lock events of other instances did not end within {} s",
						STOP_TIMEOUT.toSeconds());
			}
			this.run = null;
			this.thread = null;
		}
	}

	@Override
	public boolean isRunning() {
		BackgroundThread follower = this.thread;
		return follower != null && follower.isAlive();
	}

	/**
	 * After the connection to Redis when starting, before it and before the subscription
	 * when stopping.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE / 2;
	}

	@Override
	public void logged(String hint) {
		FollowerRun current = this.run;
		if (current != null) {
			current.offer(LogHint.parse(hint));
		}
	}

	@Override
	public void subscribed() {
		FollowerRun current = this.run;
		if (current != null) {
			current.missedHints();
		}
	}

}
