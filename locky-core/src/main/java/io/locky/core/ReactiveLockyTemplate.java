package io.locky.core;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockHandle;
import io.locky.ReactiveLockyOperations;
import io.locky.internal.lock.AsyncLockingFlow;
import io.locky.internal.lock.FencedLockHandle;
import io.locky.internal.lock.Leases;
import io.locky.internal.lock.LockQueries;
import io.locky.internal.lock.LockingFlow;
import io.locky.internal.lock.LockyRuntime;
import io.locky.internal.lock.MultiLock;
import io.locky.internal.lock.OwnedLock;
import io.locky.internal.reactive.ReactiveHandOver;
import io.locky.internal.redis.AsyncScriptRunner;
import io.locky.internal.redis.Exchange;
import io.locky.internal.redis.ScriptCall;
import io.locky.observation.LockyObservations;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.util.Assert;

/**
 * Keeps locks in Redis without blocking: the locks of a {@link LockyTemplate}, for
 * reactive applications. Thread-safe.
 * <p>
 * Both work with the same keys, scripts and handles. The other template renews handles,
 * receives messages and publishes expiries for this one too, and ends its waits when it
 * is closed. What must not be sent twice goes over its connection, everything else over
 * that of the {@link ReactiveStringRedisTemplate}.
 *
 * @since 0.9.0
 */
public class ReactiveLockyTemplate implements ReactiveLockyOperations, AutoCloseable {

	/** Under this key, the Reactor context has the current observation. */
	private static final Object OBSERVATION = "micrometer.observation";

	private static final int KEEP_SECONDS = 10;

	/** The client whose connection is open, as far as is known. */
	private volatile @Nullable Object connected;

	private volatile @Nullable Scheduler threads;

	private boolean closed;

	private final AsyncScriptRunner scripts;

	private final AsyncLockingFlow locking;

	private final MultiLock multiLock;

	private final Leases leases;

	private final LockQueries queries;

	/**
	 * Creates a template. It does not connect to Redis yet.
	 * @param redis the reactive access to Redis
	 * @param locks what keeps the locks; it must have the same connection factory
	 */
	public ReactiveLockyTemplate(ReactiveStringRedisTemplate redis, LockyTemplate locks) {
		Assert.notNull(redis, "'redis' must not be null");
		Assert.notNull(locks, "'locks' must not be null");
		LockyRuntime runtime = locks.runtime();
		Assert.isTrue(runtime.scripts().uses(redis.getConnectionFactory()),
				"'redis' and 'locks' must have the same connection factory");
		this.scripts = runtime.scripts().async((call) -> send(redis, call), (task) -> threads().schedule(task));
		this.locking = runtime.asyncLocking().over(this.scripts);
		this.multiLock = runtime.multiLock();
		this.leases = runtime.leases();
		this.queries = runtime.queries();
	}

	/**
	 * The threads of this template, once they are needed. The ends of operations must not
	 * wait until the application leaves a thread of another scheduler.
	 */
	private Scheduler threads() {
		Scheduler present = this.threads;
		return (present != null) ? present : startThreads();
	}

	private synchronized Scheduler startThreads() {
		Scheduler present = this.threads;
		if (present == null) {
			present = this.closed ? Schedulers.immediate()
					: Schedulers.newBoundedElastic(Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE,
							Schedulers.DEFAULT_BOUNDED_ELASTIC_QUEUESIZE, "locky-reactive", KEEP_SECONDS, true);
			this.threads = present;
		}
		return present;
	}

	/** The first connection of a client takes a thread that may block. */
	private CompletableFuture<Object> send(ReactiveStringRedisTemplate redis, ScriptCall<?> call) {
		Object client = client(redis);
		Mono<Object> reply = Mono
			.defer(() -> redis.execute(call.script(), call.keys(), call.arguments()).cast(Object.class).next());
		if (client != null && client == this.connected) {
			return reply.toFuture();
		}
		return reply.doOnNext((answer) -> this.connected = client).subscribeOn(threads()).toFuture();
	}

	private static @Nullable Object client(ReactiveStringRedisTemplate redis) {
		return (redis.getConnectionFactory() instanceof LettuceConnectionFactory lettuce) ? lettuce.getNativeClient()
				: null;
	}

	@Override
	public Mono<Boolean> lock(Object resource, Object locker) {
		return lock(LockRequest.of(resource).by(locker));
	}

	@Override
	public Mono<Boolean> lock(LockRequest request) {
		LockingFlow.requireNoRenewal(request);
		return attempt(request).map(LockAttempt.Acquired.class::isInstance);
	}

	@Override
	public Mono<ReactiveLockAttempt> tryLock(LockRequest request) {
		this.locking.requireRenewable(request);
		return attempt(request).map(this::reactive);
	}

	private Mono<LockAttempt> attempt(LockRequest request) {
		return Mono.deferContextual((context) -> ReactiveHandOver.ofCancellable(
				() -> observed(context, () -> this.locking.tryLock(request)), this::giveBack, this.scripts::execute));
	}

	private void giveBack(LockAttempt attempt) {
		if (attempt instanceof LockAttempt.Acquired acquired) {
			this.scripts.run(((FencedLockHandle) acquired.handle()).closing());
		}
	}

	private ReactiveLockAttempt reactive(LockAttempt attempt) {
		return (attempt instanceof LockAttempt.Acquired acquired)
				? new ReactiveLockAttempt.Acquired(new ReactiveHandle((FencedLockHandle) acquired.handle()))
				: new ReactiveLockAttempt.Denied(((LockAttempt.Denied) attempt).lock());
	}

	@Override
	public Mono<Boolean> lockAll(Collection<?> resources, Object locker) {
		List<String> names = MultiLock.names(resources);
		String holder = LockNames.locker(locker);
		return Mono
			.deferContextual((context) -> ReactiveHandOver.of(
					() -> observed(context, () -> this.scripts.run(this.multiLock.lockAll(names, holder))),
					(acquired) -> this.scripts.run(this.multiLock.giveBack(acquired)), this.scripts::execute))
			.map((acquired) -> !acquired.isEmpty());
	}

	@Override
	public Mono<Boolean> refresh(Object resource) {
		return refresh(LockArguments.any(resource)).map(LockRefresh::held);
	}

	@Override
	public Mono<Boolean> refresh(Object resource, Object locker) {
		return refresh(LockArguments.of(resource, locker)).map(LockRefresh::held);
	}

	@Override
	public Mono<LockRefresh> tryRefresh(Object resource, Object locker, long fence) {
		return refresh(LockArguments.grant(resource, locker, fence));
	}

	private Mono<LockRefresh> refresh(OwnedLock lock) {
		return run(() -> this.leases.refresh(lock));
	}

	@Override
	public Mono<LockRefresh> tryRefresh(Object resource, Object locker, long fence, Duration idle) {
		OwnedLock grant = LockArguments.grant(resource, locker, fence);
		Duration checked = LockArguments.idle(idle);
		return run(() -> this.leases.refresh(grant, checked));
	}

	@Override
	public Mono<Boolean> unlock(Object resource) {
		return release(LockArguments.any(resource));
	}

	@Override
	public Mono<Boolean> unlock(Object resource, Object locker) {
		return release(LockArguments.of(resource, locker));
	}

	@Override
	public Mono<Boolean> unlock(Object resource, Object locker, long fence) {
		return release(LockArguments.grant(resource, locker, fence));
	}

	private Mono<Boolean> release(OwnedLock lock) {
		return run(() -> this.leases.release(lock));
	}

	@Override
	public Mono<Integer> unlockAll(Object locker) {
		String name = LockNames.locker(locker);
		return run(() -> this.multiLock.unlockAll(name));
	}

	@Override
	public Mono<String> getLocker(Object resource) {
		return find(resource).map(LockInfo::locker);
	}

	@Override
	public Mono<LockInfo> find(Object resource) {
		String name = LockNames.resource(resource);
		return run(() -> this.queries.find(name)).flatMap(Mono::justOrEmpty);
	}

	@Override
	public Mono<Map<String, LockInfo>> findAll(Collection<?> resources) {
		List<String> names = resources.stream().map(LockNames::resource).toList();
		return run(() -> this.queries.findAll(names));
	}

	@Override
	public Mono<LockPage> list(LockQuery query) {
		return run(() -> this.queries.list(query));
	}

	/** What was begun goes on to its end, also without a subscriber. */
	private <T> Mono<T> run(Supplier<Exchange<T>> exchange) {
		return Mono.deferContextual((context) -> ReactiveHandOver
			.of(() -> observed(context, () -> this.scripts.run(exchange.get())), (result) -> {
			}, this.scripts::execute));
	}

	private static <T> CompletableFuture<T> observed(ContextView context, Supplier<CompletableFuture<T>> call) {
		@Nullable Observation observation = context.getOrDefault(OBSERVATION, null);
		return LockyObservations.callIn(observation, call::get);
	}

	/**
	 * Ends the threads of this template. Operations that are on their way go on, in
	 * threads of the driver.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		Scheduler present = this.threads;
		if (present != null) {
			present.dispose();
		}
	}

	private final class ReactiveHandle implements ReactiveLockHandle {

		private final FencedLockHandle handle;

		private ReactiveHandle(FencedLockHandle handle) {
			this.handle = handle;
		}

		@Override
		public String resource() {
			return this.handle.resource();
		}

		@Override
		public String locker() {
			return this.handle.locker();
		}

		@Override
		public long fence() {
			return this.handle.fence();
		}

		@Override
		public boolean isValid() {
			return this.handle.isValid();
		}

		@Override
		public Mono<Boolean> refresh() {
			return run(this.handle::refreshing);
		}

		@Override
		public void onLost(Runnable callback) {
			this.handle.onLost(callback);
		}

		@Override
		public Mono<Boolean> release() {
			return run(this.handle::releasing);
		}

		@Override
		public Mono<Void> close() {
			return run(this.handle::closing).then();
		}

		@Override
		public String toString() {
			return this.handle.toString();
		}

	}

}
