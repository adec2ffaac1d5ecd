package io.locky.core;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.LockySettings;
import io.locky.internal.lock.LockyRuntime;
import io.locky.internal.lock.OwnedLock;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.util.Assert;

/**
 * Locks on Redis: the central class of Locky. Thread-safe.
 * <p>
 * One script decides each operation, so that its result and its effect are of one moment.
 * Events are published after Redis has decided, in the calling thread.
 * <p>
 * As a bean, a template is started and stopped by its application context. Elsewhere the
 * caller {@linkplain #start() starts} and {@linkplain #close() closes} it. Until it is
 * started, it publishes no expiries and renews no handles.
 *
 * @since 0.1.0
 */
public class LockyTemplate implements LockyOperations, SmartLifecycle, AutoCloseable {

	private final LockyRuntime runtime;

	/**
	 * Creates a template. It does not connect to Redis yet.
	 * @param redis the access to Redis; its connections are used on their own, never as
	 * part of a transaction or pipeline
	 * @param settings the settings
	 * @param publisher publishes events to the listeners of the application, usually the
	 * application context
	 * @throws IllegalStateException if the connection factory does not support what the
	 * settings ask for
	 */
	public LockyTemplate(StringRedisTemplate redis, LockySettings settings, ApplicationEventPublisher publisher) {
		Assert.notNull(redis, "'redis' must not be null");
		Assert.notNull(settings, "'settings' must not be null");
		Assert.notNull(publisher, "'publisher' must not be null");
		RedisConnectionFactory connections = redis.getRequiredConnectionFactory();
		this.runtime = new LockyRuntime(connections, LockyRuntime.keys(connections, settings), settings, publisher);
	}

	LockyTemplate(LockyRuntime runtime) {
		this.runtime = runtime;
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
		return this.runtime.locking().lock(request);
	}

	@Override
	public LockAttempt tryLock(LockRequest request) {
		return this.runtime.locking().tryLock(request);
	}

	@Override
	public boolean lockAll(Collection<?> resources, Object locker) {
		return this.runtime.multiLock().lockAll(resources, locker);
	}

	@Override
	public boolean refresh(Object resource) {
		return refresh(OwnedLock.byAnyone(LockNames.resource(resource))).held();
	}

	@Override
	public boolean refresh(Object resource, Object locker) {
		return refresh(OwnedLock.byLocker(LockNames.resource(resource), LockNames.locker(locker))).held();
	}

	@Override
	public LockRefresh tryRefresh(Object resource, Object locker, long fence) {
		return refresh(grant(resource, locker, fence));
	}

	private LockRefresh refresh(OwnedLock lock) {
		return this.runtime.leases().refresh(lock);
	}

	@Override
	public boolean unlock(Object resource) {
		return release(OwnedLock.byAnyone(LockNames.resource(resource)));
	}

	@Override
	public boolean unlock(Object resource, Object locker) {
		return release(OwnedLock.byLocker(LockNames.resource(resource), LockNames.locker(locker)));
	}

	@Override
	public boolean unlock(Object resource, Object locker, long fence) {
		return release(grant(resource, locker, fence));
	}

	private boolean release(OwnedLock lock) {
		return this.runtime.leases().release(lock);
	}

	private static OwnedLock grant(Object resource, Object locker, long fence) {
		Assert.isTrue(fence > 0,
				() -> "'fence' must be positive, but is %d: pass the one that the grant came with".formatted(fence));
		return OwnedLock.byGrant(LockNames.resource(resource), LockNames.locker(locker), fence);
	}

	@Override
	public int unlockAll(Object locker) {
		return this.runtime.multiLock().unlockAll(LockNames.locker(locker));
	}

	@Override
	public @Nullable String getLocker(Object resource) {
		return find(resource).map(LockInfo::locker).orElse(null);
	}

	@Override
	public Optional<LockInfo> find(Object resource) {
		return this.runtime.queries().find(resource);
	}

	@Override
	public Map<String, LockInfo> findAll(Collection<?> resources) {
		return this.runtime.queries().findAll(resources);
	}

	@Override
	public LockPage list(LockQuery query) {
		return this.runtime.queries().list(query);
	}

	/**
	 * Starts to publish expiries and to renew handles. Does not wait for Redis.
	 */
	@Override
	public void start() {
		this.runtime.start();
	}

	/**
	 * Stops the work in the background: publishes the expiries that were claimed, and
	 * releases renewed locks. Other locks end with their leases. May be started again.
	 */
	@Override
	public void stop() {
		this.runtime.stop();
	}

	@Override
	public boolean isRunning() {
		return this.runtime.isRunning();
	}

	/**
	 * After the connection to Redis when starting, before it when stopping; outlives the
	 * web server, whose last requests may still lock.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE / 2;
	}

	/**
	 * Stops the work in the background and closes the connections of its own. A template
	 * that was closed cannot be started again.
	 */
	@Override
	public void close() {
		this.runtime.close();
	}

}
