package io.locky.core;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.locky.LeaseTime;
import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.blocking.ReplicaAcks;
import io.locky.blocking.ScriptRunner;
import io.locky.event.LockyEventPublisher;
import io.locky.handle.Leases;
import io.locky.handle.LockRenewer;
import io.locky.redis.LockyCalls;
import io.locky.redis.LockyKeys;
import io.locky.redis.OwnedLock;
import io.locky.waiting.WaitingRoom;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.util.Assert;

/**
 * Locks on Redis: the central class of Locky. Thread-safe.
 * <p>
 * One script decides each operation, so that what it answers and what it changed is one
 * moment. Events are published after Redis has decided, in the calling thread.
 *
 * @since 0.1.0
 */
public class LockyTemplate implements LockyOperations {

	private final LockRequests requests;

	private final MultiLock multiLock;

	private final LockQueries queries;

	private final Leases leases;

	/**
	 * Creates a template.
	 * @param redis the access to Redis; its connections are used on their own, never as
	 * part of a transaction or pipeline
	 * @param keys the names of the keys
	 * @param ttl the length of a lease, from 1 ms to 365 days, or {@code null} for locks
	 * that never expire
	 * @param ackTimeout how long listeners may take to handle an expiry that an attempt
	 * found, before a worker tells it again
	 * @param events where events are told
	 * @param room where callers wait
	 * @param renewer who makes handles and keeps them alive
	 */
	public LockyTemplate(StringRedisTemplate redis, LockyKeys keys, @Nullable Duration ttl, Duration ackTimeout,
			LockyEventPublisher events, WaitingRoom room, LockRenewer renewer) {
		this(redis, keys, ttl, ackTimeout, events, room, renewer, null);
	}

	/**
	 * Creates a template that may wait for replicas.
	 * @param redis the access to Redis; its connections are used on their own, never as
	 * part of a transaction or pipeline
	 * @param keys the names of the keys
	 * @param ttl the length of a lease, from 1 ms to 365 days, or {@code null} for locks
	 * that never expire
	 * @param ackTimeout how long listeners may take to handle an expiry that an attempt
	 * found, before a worker tells it again
	 * @param events where events are told
	 * @param room where callers wait
	 * @param renewer who makes handles and keeps them alive
	 * @param acks who waits until replicas have a grant, or {@code null} for nobody
	 */
	public LockyTemplate(StringRedisTemplate redis, LockyKeys keys, @Nullable Duration ttl, Duration ackTimeout,
			LockyEventPublisher events, WaitingRoom room, LockRenewer renewer, @Nullable ReplicaAcks acks) {
		Assert.notNull(redis, "'redis' must not be null");
		Assert.notNull(keys, "'keys' must not be null");
		Assert.notNull(events, "'events' must not be null");
		Duration lease = (ttl != null) ? LeaseTime.require(ttl, "locky.ttl") : null;
		ScriptRunner scripts = new ScriptRunner(redis.getRequiredConnectionFactory());
		LockyCalls calls = new LockyCalls(keys);
		this.leases = new Leases(scripts, calls, lease, events);
		LockAcquirer acquirer = new LockAcquirer(scripts, calls, this.leases,
				new FoundExpiries(scripts, keys, events, ackTimeout), new ReplicatedGrants(scripts, calls, acks),
				events, lease);
		this.requests = new LockRequests(acquirer, room, renewer);
		this.queries = new LockQueries(scripts, calls, keys);
		this.multiLock = new MultiLock(acquirer, this.leases, this.queries, keys);
	}

	@Override
	public boolean lock(Object resource, Object locker) {
		return lock(LockRequest.of(resource).by(locker));
	}

	@Override
	public boolean lock(LockRequest request) {
		return this.requests.lock(request);
	}

	@Override
	public LockAttempt tryLock(LockRequest request) {
		return this.requests.tryLock(request);
	}

	@Override
	public boolean lockAll(Collection<?> resources, Object locker) {
		return this.multiLock.lockAll(resources, locker);
	}

	@Override
	public boolean refresh(Object resource) {
		return refresh(OwnedLock.byAnyone(LockNames.resource(resource)));
	}

	@Override
	public boolean refresh(Object resource, Object locker) {
		return refresh(OwnedLock.byLocker(LockNames.resource(resource), LockNames.locker(locker)));
	}

	private boolean refresh(OwnedLock lock) {
		return this.leases.refresh(List.of(lock)).get(0).held();
	}

	@Override
	public boolean unlock(Object resource) {
		return release(OwnedLock.byAnyone(LockNames.resource(resource)));
	}

	@Override
	public boolean unlock(Object resource, Object locker) {
		return release(OwnedLock.byLocker(LockNames.resource(resource), LockNames.locker(locker)));
	}

	private boolean release(OwnedLock lock) {
		return this.leases.release(List.of(lock)) == 1;
	}

	@Override
	public int unlockAll(Object locker) {
		return this.multiLock.unlockAll(LockNames.locker(locker));
	}

	@Override
	public @Nullable String getLocker(Object resource) {
		return this.queries.find(resource).map(LockInfo::locker).orElse(null);
	}

	@Override
	public Optional<LockInfo> find(Object resource) {
		return this.queries.find(resource);
	}

	@Override
	public Map<String, LockInfo> findAll(Collection<?> resources) {
		return this.queries.findAll(resources);
	}

	@Override
	public LockPage list(LockQuery query) {
		return this.queries.list(query);
	}

}
