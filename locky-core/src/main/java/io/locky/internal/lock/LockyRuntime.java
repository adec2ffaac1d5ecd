package io.locky.internal.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.locky.InvalidSettingException;
import io.locky.LockySettings;
import io.locky.LockyStatus;
import io.locky.internal.broadcast.LockyEventFollower;
import io.locky.internal.check.RedisCheck;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.event.OwnEvents;
import io.locky.internal.expiration.FoundExpiries;
import io.locky.internal.expiration.LockyExpirationWorker;
import io.locky.internal.people.PeopleOperations;
import io.locky.internal.redis.BackgroundThread;
import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.ExclusiveConnections;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.RedisDriver;
import io.locky.internal.redis.ReplicaAcks;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.SignalListener;
import io.locky.metrics.LockyMetrics;
import io.locky.observation.LockyObservations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.Assert;

/**
 * The composition root: creates all parts behind one {@link io.locky.core.LockyTemplate
 * LockyTemplate}, and starts and stops those that run in the background.
 */
public final class LockyRuntime implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LockyRuntime.class);

	private final ScriptRunner scripts;

	private final LockySignals signals;

	private final @Nullable ExclusiveConnections replicated;

	private final CleanUp cleanUp = new CleanUp(System::nanoTime);

	private final Leases leases;

	private final LockRenewer renewer;

	private final Renewals renewals = new Renewals();

	private @Nullable LockyExpirationWorker worker;

	private @Nullable LockyEventFollower follower;

	private @Nullable RedisCheck check;

	private final LockQueries queries;

	private final MultiLock multiLock;

	private final LocalWaiters waiters;

	private final LockingFlow locking;

	private final AsyncLockingFlow asyncLocking;

	private final PeopleOperations people;

	/** In the order of their start. */
	private final List<SmartLifecycle> background = new ArrayList<>();

	private volatile boolean running;

	private boolean closed;

	/**
	 * Creates all parts, without metrics. None of them connects to Redis yet.
	 * @param redis the access to Redis
	 * @param keys the names of the keys, usually {@link #keys those of the settings}
	 * @param settings the settings
	 * @param publisher publishes events to the listeners of the application
	 * @throws InvalidSettingException if the connection factory does not support what the
	 * settings require
	 */
	public LockyRuntime(RedisConnectionFactory redis, LockyKeys keys, LockySettings settings,
			ApplicationEventPublisher publisher) {
		this(redis, keys, settings, publisher, LockyMetrics.NONE, LockyObservations.NONE);
	}

	/**
	 * Creates all parts. None of them connects to Redis yet.
	 * @param redis the access to Redis
	 * @param keys the names of the keys, usually {@link #keys those of the settings}
	 * @param settings the settings
	 * @param publisher publishes events to the listeners of the application
	 * @param metrics receives what is measured
	 * @param observations observes waits
	 * @throws InvalidSettingException if the connection factory does not support what the
	 * settings require
	 */
	public LockyRuntime(RedisConnectionFactory redis, LockyKeys keys, LockySettings settings,
			ApplicationEventPublisher publisher, LockyMetrics metrics, LockyObservations observations) {
		this.scripts = ScriptRunner.withOwnConnection(redis, metrics);
		LockyEventPublisher events = new LockyEventPublisher(publisher, this.renewals::onEvent,
				settings.expirationTransaction(), metrics);
		this.signals = new LockySignals(redis, keys.signals());
		this.replicated = ReplicatedGrants.connections(redis, settings);

		LockCommands commands = new LockCommands(keys);
		OwnEvents ownEvents = new OwnEvents(events, settings.broadcast());
		Operations operations = new Operations(System::nanoTime);
		this.waiters = waiters(commands, keys, operations.instance());
		Releases releases = new Releases(this.scripts, commands, operations, this.waiters, events, ownEvents,
				this.cleanUp);
		this.leases = new Leases(this.scripts, commands, settings.ttl(), releases, events);
		ServerClock clock = new ServerClock(keys, System::nanoTime);
		LossDispatcher losses = new LossDispatcher(events, clock, DaemonThreads.named("locky-lost-"));
		metrics.monitorHandles(this.renewals::size);
		this.renewer = new LockRenewer(this.renewals, this.leases, keys, losses, clock, settings.shutdownTimeout(),
				DaemonThreads.named("locky-renewal-"));
		LockHandles handles = new LockHandles(this.leases, this.renewals, losses, clock, this.renewer::wake);
		this.worker = worker(this.scripts, keys, events, settings);
		FoundExpiries foundExpiries = foundExpiries(keys, this.worker, settings.ackTimeout());
		LockAcquirer acquirer = new LockAcquirer(this.scripts, commands, operations, releases, foundExpiries,
				new ReplicatedGrants(commands, releases, acks(settings)), events, ownEvents, this.cleanUp, settings,
				System::nanoTime);
		this.queries = new LockQueries(commands, keys);
		RequestMeasurements measurements = new RequestMeasurements(metrics, observations, System::nanoTime);
		this.multiLock = new MultiLock(acquirer, this.leases, this.queries, keys, releases, measurements);
		this.locking = new LockingFlow(this.scripts, acquirer, this.waiters, handles, this.renewer, measurements,
				this::people, System::nanoTime);
		this.asyncLocking = new AsyncLockingFlow(this.scripts, this.locking, acquirer, handles, this.renewer,
				this.waiters, System::nanoTime);
		this.people = PeopleOperations.create(this.scripts, keys, events, this.locking::tryLock, settings.people());
		if (settings.broadcast()) {
			follow(keys, events, ownEvents);
		}
		runInBackground(keys);
		check(redis, keys, settings);
	}

	private void runInBackground(LockyKeys keys) {
		this.background.add(this.renewer);
		this.background.add(new LockerIndex(this.scripts, keys, LockerIndex.Timing.DEFAULT));
		if (this.worker != null) {
			this.background.add(this.worker);
		}
	}

	private LocalWaiters waiters(LockCommands commands, LockyKeys keys, String instance) {
		LocalWaiters created = new LocalWaiters(instance, this.signals,
				new LeavingWaiters(this.scripts, commands, keys, this.cleanUp),
				new WaitingLooks(this.scripts, commands, keys), System::nanoTime);
		this.signals.addListener(created);
		return created;
	}

	private void check(RedisConnectionFactory redis, LockyKeys keys, LockySettings settings) {
		if (settings.startupCheck()) {
			RedisCheck created = new RedisCheck(redis, keys, this.replicated != null, settings.instance(),
					settings.ttl());
			this.check = created;
			this.background.add(created);
		}
	}

	/**
	 * Names the keys for the settings.
	 * @param redis the access to Redis
	 * @param settings the settings
	 * @return the names of the keys
	 */
	public static LockyKeys keys(RedisConnectionFactory redis, LockySettings settings) {
		LockyKeys keys = RedisDriver.isCluster(redis) ? LockyKeys.ofCluster(settings.prefix())
				: LockyKeys.of(settings.prefix());
		if (settings.npmInterop()) {
			keys = keys.withNpmInterop();
		}
		keys = (settings.lockerIndex() ? keys : keys.withoutLockerIndex()).withPeople(settings.people());
		return settings.broadcast() ? keys.withEventLog(settings.instance(), settings.eventLogLength()) : keys;
	}

	private @Nullable ReplicaAcks acks(LockySettings settings) {
		return (this.replicated != null)
				? new ReplicaAcks(this.replicated, settings.minReplicasAck(), settings.minReplicasAckTimeout()) : null;
	}

	private void follow(LockyKeys keys, LockyEventPublisher events, OwnEvents ownEvents) {
		LockyEventFollower created = new LockyEventFollower(this.scripts, keys, this.signals, events, ownEvents);
		this.follower = created;
		this.signals.addListener(created);
		this.background.add(created);
	}

	private @Nullable LockyExpirationWorker worker(ScriptRunner scripts, LockyKeys keys, LockyEventPublisher events,
			LockySettings settings) {
		if (!settings.expiration()) {
			return null;
		}
		LockyExpirationWorker worker = new LockyExpirationWorker(scripts, keys, this.signals, events,
				settings.ackTimeout(), settings.listenerThreads());
		this.signals.addListener(worker);
		return worker;
	}

	private FoundExpiries foundExpiries(LockyKeys keys, @Nullable LockyExpirationWorker worker, Duration ackTimeout) {
		return new FoundExpiries(this.scripts, keys, worker, ackTimeout,
				(step) -> this.cleanUp.run(ackTimeout.multipliedBy(2), step, () -> {
				}));
	}

	/**
	 * Adds a listener of hints. It runs in the thread of the connection and must not
	 * block; it may wake other threads.
	 * @param listener the listener
	 */
	public void addSignalListener(SignalListener listener) {
		this.signals.addListener(listener);
	}

	/**
	 * Sends scripts.
	 * @return the access to Redis
	 */
	public ScriptRunner scripts() {
		return this.scripts;
	}

	/**
	 * Acquires locks.
	 * @return the flow of lock requests
	 */
	public LockingFlow locking() {
		return this.locking;
	}

	/**
	 * Acquires locks without the thread of the caller.
	 * @return the flow of lock requests
	 */
	public AsyncLockingFlow asyncLocking() {
		return this.asyncLocking;
	}

	/**
	 * Acquires and releases several locks.
	 * @return the operations
	 */
	public MultiLock multiLock() {
		return this.multiLock;
	}

	/**
	 * Refreshes and releases locks.
	 * @return the operations
	 */
	public Leases leases() {
		return this.leases;
	}

	/**
	 * Finds and lists held locks.
	 * @return the operations
	 */
	public LockQueries queries() {
		return this.queries;
	}

	/**
	 * What people need around locks.
	 * @return the operations
	 */
	public PeopleOperations people() {
		return this.people;
	}

	/**
	 * Starts what runs in the background. It does not wait for Redis, except for one
	 * second at most for the event log.
	 */
	public synchronized void start() {
		Assert.state(!this.closed, "A closed LockyTemplate cannot be started again: create a new one");
		this.running = true;
		this.background.forEach(SmartLifecycle::start);
	}

	/**
	 * Stops in a thread of its own, so that others can stop at the same time.
	 * @param callback called when everything has stopped
	 */
	public void stop(Runnable callback) {
		this.running = false;
		try {
			BackgroundThread.start("locky-stop", (self) -> stopAndCall(callback));
		}
		catch (OutOfMemoryError ex) {
			// There is no thread to be had.
			stopAndCall(callback);
		}
	}

	private void stopAndCall(Runnable callback) {
		try {
			stop();
		}
		finally {
			callback.run();
		}
	}

	/**
	 * Stops what runs in the background: expiries are published, and renewed locks are
	 * released, those of running methods when these end. It may be started again.
	 */
	public synchronized void stop() {
		this.running = false;
		List<SmartLifecycle> last = new ArrayList<>(this.background);
		Collections.reverse(last);
		last.forEach((part) -> quietly(part::stop));
		quietly(this.signals::stop);
		quietly(this.scripts::release);
	}

	/** One part that fails does not stop the others. */
	private static void quietly(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException ex) {
			logger.warn("A part of Locky did not stop as it should: {}", ex.getMessage());
			logger.debug("It did not stop because of this", ex);
		}
	}

	/**
	 * What runs in the background.
	 * @return its state now
	 */
	public LockyStatus status() {
		return new LockyStatus(this.running,
				(this.worker != null) ? new LockyStatus.Work(this.worker.isRunning(), this.worker.lastSuccess()) : null,
				(this.follower != null) ? new LockyStatus.Work(this.follower.isRunning(), this.follower.lastSuccess())
						: null,
				this.renewals.size(), this.renewals.overdue(System.nanoTime()), isSubscribed(),
				(this.check != null) ? this.check.missingPermissions() : List.of());
	}

	/**
	 * Whether hints are received. The subscription begins when it is needed first.
	 */
	public boolean isSubscribed() {
		return this.signals.isSubscribed();
	}

	/**
	 * Whether it was started.
	 * @return whether it runs in the background
	 */
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Stops, and closes the connections that it has opened.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		stop();
		quietly(this.people::close);
		quietly(this.asyncLocking::close);
		quietly(this.waiters::close);
		quietly(this.renewer::close);
		quietly(this.cleanUp::close);
		quietly(this.signals::close);
		quietly(this.scripts::close);
		if (this.replicated != null) {
			quietly(this.replicated::close);
		}
	}

}
