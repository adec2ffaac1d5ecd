package io.locky.internal.expiration;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.BackgroundThread;
import io.locky.internal.redis.DeadlineHint;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.LookInterval;
import io.locky.internal.redis.RandomId;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.SignalListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

/**
 * Publishes a {@link io.locky.event.LockExpiredEvent} for each lock whose lease ends.
 * <p>
 * Redis' own {@code expired} notifications are not used: they come when Redis happens to
 * delete a key, which may be tens of seconds late, and are lost without a subscriber. The
 * worker looks for deadlines regularly, and sleeps until the next one. A deadline that
 * comes before the next look is announced by a hint. Any number of workers may share one
 * Redis.
 */
public final class LockyExpirationWorker implements SmartLifecycle, SignalListener {

	private static final Logger logger = LoggerFactory.getLogger(LockyExpirationWorker.class);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockySignals signals;

	private final LockyEventPublisher events;

	private final Duration ackTimeout;

	private final int listenerThreads;

	/** The numbers of the partitions, by their keys of deadlines. */
	private final Map<String, Integer> partitions;

	private volatile @Nullable ExpiryLoop loop;

	private volatile @Nullable BackgroundThread thread;

	/**
	 * Creates a worker. It works once it is started. For hints to wake it, it must be
	 * added to the signals as a listener.
	 * @param scripts the access to Redis
	 * @param keys the names of the keys
	 * @param signals the subscription to hints
	 * @param events publishes the expiries
	 * @param ackTimeout how long a listener may take before the expiry is published
	 * again, by any instance; at least a second
	 * @param listenerThreads how many listeners may run at once; at least one
	 */
	public LockyExpirationWorker(ScriptRunner scripts, LockyKeys keys, LockySignals signals, LockyEventPublisher events,
			Duration ackTimeout, int listenerThreads) {
		Assert.isTrue(listenerThreads > 0, "'listenerThreads' must be at least 1");
		Assert.isTrue(ackTimeout.compareTo(Duration.ofSeconds(1)) >= 0, "'ackTimeout' must be at least a second");
		this.scripts = scripts;
		this.keys = keys;
		this.signals = signals;
		this.events = events;
		this.ackTimeout = ackTimeout;
		this.listenerThreads = listenerThreads;
		this.partitions = keys.partitions()
			.stream()
			.collect(Collectors.toMap(LockyPartition::deadlines, LockyPartition::number));
	}

	@Override
	public synchronized void start() {
		if (this.loop == null) {
			ExpiryLoop next = newLoop();
			this.thread = BackgroundThread.start("locky-expiration", (self) -> next.run());
			this.loop = next;
		}
	}

	private ExpiryLoop newLoop() {
		ExpiryCommands commands = new ExpiryCommands(this.keys, RandomId.next());
		NpmAdopter adopter = this.keys.isNpmInterop() ? new NpmAdopter(this.scripts, this.keys) : null;
		ExpirySchedule schedule = new ExpirySchedule(this.keys.partitions().size(), LookInterval.of(this.keys),
				System::nanoTime);
		return new ExpiryLoop(commands.claimer(), this.scripts, this.events,
				ExpiryPublisher.threads(this.listenerThreads), (publisher) -> newDispatchers(commands, publisher),
				schedule, adopter, this.signals);
	}

	private List<ExpiryDispatcher> newDispatchers(ExpiryCommands commands, ExpiryPublisher publisher) {
		return this.keys.partitions()
			.stream()
			.map((partition) -> new ExpiryDispatcher(this.scripts, commands, partition, publisher, this.ackTimeout,
					System::nanoTime))
			.toList();
	}

	/**
	 * The name that the worker has in its claims, from one start to the next stop.
	 * @return the name, empty while it does not run
	 */
	String claimer() {
		ExpiryLoop current = this.loop;
		return (current != null) ? current.claimer() : "";
	}

	/**
	 * Has the claims published that attempts made for this worker, and whose answers may
	 * have been lost.
	 * @param resource a resource of their partition
	 */
	void recover(String resource) {
		ExpiryLoop current = this.loop;
		if (current != null) {
			current.recover(this.keys.partitionOf(resource).number());
		}
	}

	/**
	 * Takes over a claim that an attempt of this instance has made.
	 * @param claim the claim
	 * @param claimedAt when the attempt was sent, by {@link System#nanoTime()}
	 * @return whether this worker publishes it; false if it does not run
	 */
	boolean accept(ExpiryClaim claim, long claimedAt) {
		ExpiryLoop current = this.loop;
		int partition = this.keys.partitionOf(claim.expiries().get(0).resource()).number();
		return current != null && current.accept(partition, claim, claimedAt);
	}

	/**
	 * Stops the worker. It publishes and acknowledges what it has claimed first.
	 */
	@Override
	public synchronized void stop() {
		ExpiryLoop current = this.loop;
		BackgroundThread worker = this.thread;
		if (current != null && worker != null) {
			current.stop();
			if (!ExpiryPublisher.isListener() && !worker.awaitEnd(STOP_TIMEOUT)) {
				logger.warn(
						"Expired locks were not all published within {} s: a listener is still running, or Redis does not "
								+ "answer. Another instance publishes the rest, or this one at its next start.",
						STOP_TIMEOUT.toSeconds());
			}
			current.abandon();
			this.loop = null;
			this.thread = null;
		}
	}

	@Override
	public boolean isRunning() {
		BackgroundThread worker = this.thread;
		return worker != null && worker.isAlive();
	}

	/**
	 * When the worker last looked for expiries, and all partitions answered.
	 * @return the time by the clock of this instance, or {@code null} before that
	 */
	public @Nullable Instant lastSuccess() {
		ExpiryLoop current = this.loop;
		return (current != null) ? current.lastSuccess() : null;
	}

	@Override
	public void deadlineChanged(DeadlineHint hint) {
		if (hint.deadlines() == null) {
			look();
			return;
		}
		Integer partition = this.partitions.get(hint.deadlines());
		ExpiryLoop current = this.loop;
		if (current != null && partition != null) {
			current.due(partition, hint.after());
		}
	}

	@Override
	public void subscribed() {
		look();
	}

	private void look() {
		ExpiryLoop current = this.loop;
		if (current != null) {
			current.look();
		}
	}

}
