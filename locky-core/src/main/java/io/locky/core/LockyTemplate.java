package io.locky.core;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.locky.InvalidSettingException;
import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.LockWaiter;
import io.locky.LockyOperations;
import io.locky.LockySettings;
import io.locky.LockyStatus;
import io.locky.internal.lock.AsyncLockingFlow;
import io.locky.internal.lock.Leases;
import io.locky.internal.lock.LockQueries;
import io.locky.internal.lock.LockingFlow;
import io.locky.internal.lock.LockyRuntime;
import io.locky.internal.lock.MultiLock;
import io.locky.internal.lock.OwnedLock;
import io.locky.internal.redis.Exchange;
import io.locky.metrics.LockyMetrics;
import io.locky.observation.LockyObservations;
import org.jspecify.annotations.Nullable;
import io.locky.people.LockHandovers;
import io.locky.people.LockHistory;
import io.locky.people.LockLine;
import io.locky.people.LockPresence;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.util.Assert;

/**
 * Keeps locks in Redis: the central class of Locky. Thread-safe.
 * <p>
 * Unless {@link LockyOperations} says otherwise, an operation is one script, so that its
 * result and its effect belong to one moment. Its events are published after Redis has
 * decided, in the calling thread: a slow listener delays the operation. Expiries, losses
 * and the events of other instances are published in threads of Locky.
 * <p>
 * As a bean, a template is started and stopped by its application context. Elsewhere the
 * caller {@linkplain #start() starts} and {@linkplain #close() closes} it. Until it is
 * started, it publishes no expiries.
 *
 * @since 0.9.0
 */
public class LockyTemplate implements LockyOperations, SmartLifecycle, AutoCloseable {

	private final LockyRuntime runtime;

	private final LockingFlow locking;

	private final AsyncLockingFlow asyncLocking;

	private final MultiLock multiLock;

	private final Leases leases;

	private final LockQueries queries;

	/**
	 * Creates a template. It does not connect to Redis yet.
	 * @param redis the access to Redis; its connections never take part in a transaction
	 * or pipeline of the caller
	 * @param settings the settings
	 * @param publisher publishes events to the listeners of the application, usually the
	 * application context
	 * @throws InvalidSettingException if the connection factory does not support what the
	 * settings require, or if the prefix cannot be used on Redis Cluster
	 */
	public LockyTemplate(StringRedisTemplate redis, LockySettings settings, ApplicationEventPublisher publisher) {
		this(redis, settings, publisher, LockyMetrics.NONE, LockyObservations.NONE);
	}

	/**
	 * Creates a template that is measured and observed. It does not connect to Redis yet.
	 * @param redis the access to Redis; its connections never take part in a transaction
	 * or pipeline of the caller
	 * @param settings the settings
	 * @param publisher publishes events to the listeners of the application, usually the
	 * application context
	 * @param metrics receives what is measured
	 * @param observations observes waits
	 * @throws InvalidSettingException if the connection factory does not support what the
	 * settings require, or if the prefix cannot be used on Redis Cluster
	 */
	public LockyTemplate(StringRedisTemplate redis, LockySettings settings, ApplicationEventPublisher publisher,
			LockyMetrics metrics, LockyObservations observations) {
		this(runtime(redis, settings, publisher, metrics, observations));
	}

	LockyTemplate(LockyRuntime runtime) {
		this.runtime = runtime;
		this.locking = runtime.locking();
		this.asyncLocking = runtime.asyncLocking();
		this.multiLock = runtime.multiLock();
		this.leases = runtime.leases();
		this.queries = runtime.queries();
	}

	private static LockyRuntime runtime(StringRedisTemplate redis, LockySettings settings,
			ApplicationEventPublisher publisher, LockyMetrics metrics, LockyObservations observations) {
		Assert.notNull(redis, "'redis' must not be null");
		Assert.notNull(settings, "'settings' must not be null");
		Assert.notNull(publisher, "'publisher' must not be null");
		Assert.notNull(metrics, "'metrics' must not be null");
		Assert.notNull(observations, "'observations' must not be null");
		RedisConnectionFactory connections = redis.getRequiredConnectionFactory();
		return new LockyRuntime(connections, LockyRuntime.keys(connections, settings), settings, publisher, metrics,
				observations);
	}

	LockyRuntime runtime() {
		return this.runtime;
	}

	@Override
	public boolean lock(Object resource, Object locker) {
		return lock(LockRequest.of(resource).by(locker));
	}

	@Override
	public boolean lock(LockRequest request) {
		return this.locking.lock(request);
	}

	@Override
	public LockAttempt tryLock(LockRequest request) {
		return this.locking.tryLock(request);
	}

	@Override
	public CompletableFuture<LockAttempt> tryLockAsync(LockRequest request) {
		return this.asyncLocking.tryLock(request);
	}

	@Override
	public boolean lockAll(Collection<?> resources, Object locker) {
		return !run(this.multiLock.lockAll(MultiLock.names(resources), LockNames.locker(locker))).isEmpty();
	}

	@Override
	public boolean refresh(Object resource) {
		return refresh(LockArguments.any(resource)).held();
	}

	@Override
	public boolean refresh(Object resource, Object locker) {
		return refresh(LockArguments.of(resource, locker)).held();
	}

	@Override
	public LockRefresh tryRefresh(Object resource, Object locker, long fence) {
		return refresh(LockArguments.grant(resource, locker, fence));
	}

	@Override
	public LockRefresh tryRefresh(Object resource, Object locker, long fence, Duration idle) {
		return run(this.leases.refresh(LockArguments.grant(resource, locker, fence), LockArguments.idle(idle)));
	}

	private LockRefresh refresh(OwnedLock lock) {
		return run(this.leases.refresh(lock));
	}

	@Override
	public boolean unlock(Object resource) {
		return release(LockArguments.any(resource));
	}

	@Override
	public boolean unlock(Object resource, Object locker) {
		return release(LockArguments.of(resource, locker));
	}

	@Override
	public boolean unlock(Object resource, Object locker, long fence) {
		return release(LockArguments.grant(resource, locker, fence));
	}

	private boolean release(OwnedLock lock) {
		return run(this.leases.release(lock));
	}

	private <T> T run(Exchange<T> exchange) {
		return this.runtime.scripts().run(exchange);
	}

	@Override
	public int unlockAll(Object locker) {
		return run(this.multiLock.unlockAll(LockNames.locker(locker)));
	}

	@Override
	public @Nullable String getLocker(Object resource) {
		return find(resource).map(LockInfo::locker).orElse(null);
	}

	@Override
	public Optional<LockInfo> find(Object resource) {
		return run(this.queries.find(resource));
	}

	@Override
	public Map<String, LockInfo> findAll(Collection<?> resources) {
		return run(this.queries.findAll(resources));
	}

	@Override
	public LockPage list(LockQuery query) {
		return run(this.queries.list(query));
	}

	/**
	 * Finds who waits for a lock, on all instances.
	 * @param resource the resource: text, a number, a UUID or an enum constant
	 * @return up to 100 waiters: first one whose turn it is, then the others in their
	 * order
	 */
	public List<LockWaiter> waiters(Object resource) {
		return run(this.queries.waiters(resource));
	}

	/**
	 * Asks holders to hand over their locks.
	 * @return the operations
	 */
	public LockHandovers handovers() {
		return this.runtime.people().handovers();
	}

	/**
	 * Shows who is looking at a resource.
	 * @return the operations
	 */
	public LockPresence presence() {
		return this.runtime.people().presence();
	}

	/**
	 * The lines of people who wait for locks.
	 * @return the operations
	 * @throws IllegalStateException if the {@linkplain io.locky.PeopleSettings#line()
	 * settings} have no lines
	 */
	public LockLine line() {
		LockLine line = this.runtime.people().line();
		Assert.state(line != null, "There are no lines: set locky.line.enabled, or LockySettings.people(…)");
		return line;
	}

	/**
	 * The history of locks in Redis.
	 * @return the operations
	 * @throws IllegalStateException if the {@linkplain io.locky.PeopleSettings#history()
	 * settings} keep none
	 */
	public LockHistory history() {
		LockHistory history = this.runtime.people().history();
		Assert.state(history != null, "No history is kept: set locky.history.enabled, or LockySettings.people(…)");
		return history;
	}

	/**
	 * The state of what this template does in the background, for monitoring. Sends
	 * nothing to Redis.
	 * @return the state now
	 */
	public LockyStatus status() {
		return this.runtime.status();
	}

	/**
	 * Starts to publish expiries. It does not wait for Redis, except for one second at
	 * most for the event log.
	 */
	@Override
	public void start() {
		this.runtime.start();
	}

	/**
	 * Stops the work in the background: the expiries that this instance has claimed are
	 * published, which may take up to 10 s if Redis or a listener does not answer. Then
	 * renewed locks are released: those of running methods when these end, the others at
	 * once, after their handles were reported as lost. This takes up to the
	 * {@linkplain LockySettings#shutdownTimeout() shutdown time-out}. Other locks end
	 * with their leases. The template may be started again.
	 */
	@Override
	public void stop() {
		this.runtime.stop();
	}

	/**
	 * Stops in the same way, without blocking the caller.
	 * @param callback called when the template has stopped
	 */
	@Override
	public void stop(Runnable callback) {
		this.runtime.stop(callback);
	}

	@Override
	public boolean isRunning() {
		return this.runtime.isRunning();
	}

	/**
	 * Starts after the connection to Redis and stops before it. Stops after the web
	 * server, whose last requests may still acquire locks.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE / 2;
	}

	/**
	 * Stops the work in the background and closes the connections that the template has
	 * opened. A closed template cannot be started again, and refuses to acquire locks
	 * that are to be renewed; other operations go on as before.
	 */
	@Override
	public void close() {
		this.runtime.close();
	}

}
