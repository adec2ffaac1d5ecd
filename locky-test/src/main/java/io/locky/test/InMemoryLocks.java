package io.locky.test;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.locky.InvalidLockValueException;
import io.locky.LeaseTime;
import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.test.MemoryGrant.Owner;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

/**
 * Locks in memory, for tests: the same answers and events as on Redis, with a
 * {@link LockClock clock} that the test sets. Thread-safe; it starts no threads.
 * <p>
 * Where a {@link io.locky.core.LockyTemplate LockyTemplate} works in threads of its own,
 * this works in the thread that causes it, before its call returns. So a release
 * publishes also the grant of the next request that waits, a takeover the loss of a
 * renewed handle, and {@link LockClock#advance} the expiries. Nothing happens as time
 * goes by in reality: a request that waits does so until the lock is free or the clock
 * passes the end of its wait.
 * <p>
 * A lock cannot be unreadable or written by another client here, and no operation fails
 * for want of Redis.
 *
 * @since 0.9.0
 */
public final class InMemoryLocks implements LockyOperations, SmartLifecycle, AutoCloseable {

	private static final int MOST_RESOURCES = 1000;

	private static final Duration LONGEST_IDLE = Duration.ofDays(365);

	private static final String CURSOR_START = "0-";

	private final MemoryEngine engine;

	private volatile boolean running;

	/**
	 * Creates locks with a clock that starts at the real time, and without listeners.
	 * @param ttl how long a lock is held unless a request sets it, from 1 ms to 365 days,
	 * or {@code null} for locks that do not expire
	 */
	public InMemoryLocks(@Nullable Duration ttl) {
		this(ttl, LockClock.atRealTime(), (event) -> {
		});
	}

	/**
	 * Creates locks.
	 * @param ttl how long a lock is held unless a request sets it, from 1 ms to 365 days,
	 * or {@code null} for locks that do not expire
	 * @param clock the clock
	 * @param publisher publishes the events: an application context, or
	 * {@link RecordedLockEvents#record(Object) events::record}
	 */
	public InMemoryLocks(@Nullable Duration ttl, LockClock clock, ApplicationEventPublisher publisher) {
		Assert.notNull(clock, "'clock' must not be null");
		Assert.notNull(publisher, "'publisher' must not be null");
		this.engine = new MemoryEngine(clock, (ttl != null) ? LeaseTime.require(ttl, "ttl") : null, publisher);
		clock.add(this.engine);
	}

	/**
	 * The clock of these locks.
	 * @return the clock
	 */
	public LockClock clock() {
		return this.engine.clock();
	}

	/**
	 * How many requests wait for a lock. A test that starts a thread which waits can wait
	 * for this to become 1.
	 * @param resource the resource: text, a number, a UUID or an enum constant
	 * @return their number
	 */
	public int waiting(Object resource) {
		return this.engine.waiting(LockNames.resource(resource));
	}

	/**
	 * Forgets all locks, without events, for the next test. Requests that wait are
	 * denied, and handles are lost. The clock and the fences go on from where they are.
	 */
	public void clear() {
		this.engine.clear();
	}

	@Override
	public boolean lock(Object resource, Object locker) {
		return lock(LockRequest.of(resource).by(locker));
	}

	@Override
	public boolean lock(LockRequest request) {
		requireNoRenewal(request);
		return tryLock(request) instanceof LockAttempt.Acquired;
	}

	static void requireNoRenewal(LockRequest request) {
		Assert.isTrue(!request.options().autoRenew(),
				"A renewed lock needs a handle to end it: use tryLock(…) and close the handle");
	}

	/**
	 * Checks whether a lock can be renewed.
	 * @param request the request of a handle
	 */
	void requireRenewable(LockRequest request) {
		this.engine.renewEvery(request.options());
	}

	@Override
	public LockAttempt tryLock(LockRequest request) {
		PendingLock pending = this.engine.begin(request, true);
		try {
			return pending.result().get();
		}
		catch (InterruptedException ex) {
			this.engine.withdraw(pending);
			LockAttempt attempt = pending.result().join();
			Thread.currentThread().interrupt();
			return attempt;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
	}

	@Override
	public CompletableFuture<LockAttempt> tryLockAsync(LockRequest request) {
		PendingLock pending = this.engine.begin(request, false);
		pending.result().whenComplete((attempt, failure) -> {
			if (pending.result().isCancelled()) {
				this.engine.withdraw(pending);
			}
		});
		return pending.result();
	}

	@Override
	public boolean lockAll(Collection<?> resources, Object locker) {
		return !acquireAll(requests(resources, locker)).isEmpty();
	}

	/**
	 * Checks the arguments of {@link #lockAll}.
	 * @param resources the resources to lock
	 * @param locker the locker that will hold them
	 * @return a request for each
	 */
	static List<LockRequest> requests(Collection<?> resources, Object locker) {
		List<String> names = resources.stream().map(LockNames::resource).distinct().sorted().toList();
		Assert.isTrue(!names.isEmpty() && names.size() <= MOST_RESOURCES,
				() -> "'resources' must be from 1 to %d, but are %d".formatted(MOST_RESOURCES, names.size()));
		return names.stream().map((name) -> LockRequest.of(name).by(locker)).toList();
	}

	/**
	 * Acquires all locks, or none.
	 * @param requests a request for each
	 * @return the grants, none if a lock was not free
	 */
	List<MemoryGrant> acquireAll(List<LockRequest> requests) {
		return this.engine.acquireAll(requests);
	}

	@Override
	public boolean refresh(Object resource) {
		return tryRefresh(LockNames.resource(resource), Owner.ANYONE).held();
	}

	@Override
	public boolean refresh(Object resource, Object locker) {
		return tryRefresh(LockNames.resource(resource), byLocker(locker)).held();
	}

	@Override
	public LockRefresh tryRefresh(Object resource, Object locker, long fence) {
		return tryRefresh(LockNames.resource(resource), byGrant(locker, fence));
	}

	LockRefresh tryRefresh(String resource, Owner owner) {
		return answer(this.engine.refresh(resource, owner));
	}

	@Override
	public LockRefresh tryRefresh(Object resource, Object locker, long fence, Duration idle) {
		return tryRefresh(LockNames.resource(resource), byGrant(locker, fence), requireIdle(idle));
	}

	LockRefresh tryRefresh(String resource, Owner owner, Duration idle) {
		return answer(this.engine.refresh(resource, owner, idle));
	}

	static Duration requireIdle(Duration idle) {
		Assert.isTrue(!idle.isNegative() && idle.compareTo(LONGEST_IDLE) <= 0,
				() -> "'idle' must be from 0 to 365 days, but is " + idle);
		return idle;
	}

	private LockRefresh answer(@Nullable MemoryGrant refreshed) {
		return new LockRefresh(refreshed != null,
				(refreshed != null) ? refreshed.info(clock().millis()).expiresIn() : null);
	}

	@Override
	public boolean unlock(Object resource) {
		return release(LockNames.resource(resource), Owner.ANYONE);
	}

	@Override
	public boolean unlock(Object resource, Object locker) {
		return release(LockNames.resource(resource), byLocker(locker));
	}

	@Override
	public boolean unlock(Object resource, Object locker, long fence) {
		return release(LockNames.resource(resource), byGrant(locker, fence));
	}

	boolean release(String resource, Owner owner) {
		return this.engine.release(resource, owner);
	}

	static Owner byLocker(Object locker) {
		return new Owner(LockNames.locker(locker), Owner.ANY_FENCE);
	}

	static Owner byGrant(Object locker, long fence) {
		if (fence <= 0) {
			throw new InvalidLockValueException(
					"'fence' must be positive, but is %d: pass the fence of the grant".formatted(fence));
		}
		return new Owner(LockNames.locker(locker), fence);
	}

	@Override
	public int unlockAll(Object locker) {
		return this.engine.releaseAll(LockNames.locker(locker));
	}

	@Override
	public @Nullable String getLocker(Object resource) {
		return find(resource).map(LockInfo::locker).orElse(null);
	}

	@Override
	public Optional<LockInfo> find(Object resource) {
		return Optional.ofNullable(findAll(List.of(LockNames.resource(resource))).get(LockNames.resource(resource)));
	}

	@Override
	public Map<String, LockInfo> findAll(Collection<?> resources) {
		List<String> names = resources.stream().map(LockNames::resource).distinct().toList();
		return this.engine.read((grants) -> {
			Map<String, LockInfo> found = new LinkedHashMap<>();
			for (String name : names) {
				MemoryGrant held = grants.find(name);
				if (held != null) {
					found.put(name, held.info(clock().millis()));
				}
			}
			return found;
		});
	}

	/** The cursor is the fence of the last lock on the page. */
	@Override
	public LockPage list(LockQuery query) {
		long after = query.cursor().map(InMemoryLocks::fence).orElse(0L);
		List<MemoryGrant> rest = this.engine.read(MemoryGrants::all)
			.stream()
			.filter((lock) -> lock.fence() > after && lock.resource().startsWith(query.prefix())
					&& query.locker().filter((locker) -> !locker.equals(lock.locker())).isEmpty())
			.toList();
		List<MemoryGrant> page = rest.subList(0, Math.min(query.limit(), rest.size()));
		String cursor = (page.size() < rest.size()) ? CURSOR_START + page.get(page.size() - 1).fence() : null;
		long now = clock().millis();
		return new LockPage(page.stream().map((lock) -> lock.info(now)).toList(), cursor);
	}

	private static long fence(String cursor) {
		Assert.isTrue(cursor.matches("0-\\d{1,18}"),
				() -> "'%s' is not the cursor of a page; pass what LockPage.cursor() returned".formatted(cursor));
		return Long.parseLong(cursor.substring(CURSOR_START.length()));
	}

	@Override
	public void start() {
		this.running = true;
	}

	/**
	 * Gives back the locks that are renewed, after their handles were reported as lost,
	 * except those of {@link LockRequest#keepOnShutdown()}. It does not wait for these.
	 */
	@Override
	public void stop() {
		this.running = false;
		this.engine.giveBack();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** Stops after the web server, as the locks in Redis do. */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE / 2;
	}

	/**
	 * Stops, and ends all requests that wait. Closed locks cannot be renewed; other
	 * operations go on as before.
	 */
	@Override
	public void close() {
		this.engine.close();
	}

}
