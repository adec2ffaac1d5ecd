package io.locky.test;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockHandle;
import io.locky.ReactiveLockyOperations;
import io.locky.internal.reactive.ReactiveHandOver;
import io.locky.test.MemoryGrant.Owner;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

import org.springframework.util.Assert;

/**
 * Reactive operations on {@linkplain InMemoryLocks locks in memory}, for tests: the same
 * locks, clock and events. Thread-safe.
 * <p>
 * An operation, and what it causes, happens in the thread that subscribes, before
 * {@code subscribe} returns. Only a thread that must not block, such as an event loop,
 * leaves it to {@link Schedulers#boundedElastic() boundedElastic}. A request that waits
 * keeps no thread: it ends in the thread that frees the lock or moves the clock.
 *
 * @since 0.9.0
 */
public final class ReactiveInMemoryLocks implements ReactiveLockyOperations {

	private final InMemoryLocks locks;

	/**
	 * Creates reactive operations.
	 * @param locks the locks
	 */
	public ReactiveInMemoryLocks(InMemoryLocks locks) {
		Assert.notNull(locks, "'locks' must not be null");
		this.locks = locks;
	}

	@Override
	public Mono<Boolean> lock(Object resource, Object locker) {
		return lock(LockRequest.of(resource).by(locker));
	}

	@Override
	public Mono<Boolean> lock(LockRequest request) {
		InMemoryLocks.requireNoRenewal(request);
		return tryLock(request).map(ReactiveLockAttempt.Acquired.class::isInstance);
	}

	@Override
	public Mono<ReactiveLockAttempt> tryLock(LockRequest request) {
		this.locks.requireRenewable(request);
		return handOver(() -> this.locks.tryLockAsync(request), ReactiveInMemoryLocks::giveBack)
			.map(ReactiveInMemoryLocks::attempt);
	}

	private static void giveBack(LockAttempt attempt) {
		if (attempt instanceof LockAttempt.Acquired acquired) {
			acquired.handle().close();
		}
	}

	private static ReactiveLockAttempt attempt(LockAttempt attempt) {
		return (attempt instanceof LockAttempt.Acquired acquired)
				? new ReactiveLockAttempt.Acquired(new ReactiveHandle(acquired.handle()))
				: new ReactiveLockAttempt.Denied(((LockAttempt.Denied) attempt).lock());
	}

	@Override
	public Mono<Boolean> lockAll(Collection<?> resources, Object locker) {
		List<LockRequest> requests = InMemoryLocks.requests(resources, locker);
		return handOver(() -> CompletableFuture.completedFuture(this.locks.acquireAll(requests)), this::release)
			.map((granted) -> !granted.isEmpty());
	}

	private void release(List<MemoryGrant> granted) {
		granted.forEach((grant) -> this.locks.release(grant.resource(), new Owner(grant.locker(), grant.fence())));
	}

	@Override
	public Mono<Boolean> refresh(Object resource) {
		String name = LockNames.resource(resource);
		return call(() -> this.locks.tryRefresh(name, Owner.ANYONE).held());
	}

	@Override
	public Mono<Boolean> refresh(Object resource, Object locker) {
		String name = LockNames.resource(resource);
		Owner owner = InMemoryLocks.byLocker(locker);
		return call(() -> this.locks.tryRefresh(name, owner).held());
	}

	@Override
	public Mono<LockRefresh> tryRefresh(Object resource, Object locker, long fence) {
		String name = LockNames.resource(resource);
		Owner grant = InMemoryLocks.byGrant(locker, fence);
		return call(() -> this.locks.tryRefresh(name, grant));
	}

	@Override
	public Mono<LockRefresh> tryRefresh(Object resource, Object locker, long fence, Duration idle) {
		String name = LockNames.resource(resource);
		Owner grant = InMemoryLocks.byGrant(locker, fence);
		InMemoryLocks.requireIdle(idle);
		return call(() -> this.locks.tryRefresh(name, grant, idle));
	}

	@Override
	public Mono<Boolean> unlock(Object resource) {
		String name = LockNames.resource(resource);
		return call(() -> this.locks.release(name, Owner.ANYONE));
	}

	@Override
	public Mono<Boolean> unlock(Object resource, Object locker) {
		String name = LockNames.resource(resource);
		Owner owner = InMemoryLocks.byLocker(locker);
		return call(() -> this.locks.release(name, owner));
	}

	@Override
	public Mono<Boolean> unlock(Object resource, Object locker, long fence) {
		String name = LockNames.resource(resource);
		Owner grant = InMemoryLocks.byGrant(locker, fence);
		return call(() -> this.locks.release(name, grant));
	}

	@Override
	public Mono<Integer> unlockAll(Object locker) {
		String name = LockNames.locker(locker);
		return call(() -> this.locks.unlockAll(name));
	}

	@Override
	public Mono<String> getLocker(Object resource) {
		return find(resource).map(LockInfo::locker);
	}

	@Override
	public Mono<LockInfo> find(Object resource) {
		String name = LockNames.resource(resource);
		return call(() -> this.locks.find(name).orElse(null));
	}

	@Override
	public Mono<Map<String, LockInfo>> findAll(Collection<?> resources) {
		List<String> names = resources.stream().map(LockNames::resource).toList();
		return call(() -> this.locks.findAll(names));
	}

	@Override
	public Mono<LockPage> list(LockQuery query) {
		Assert.notNull(query, "'query' must not be null");
		return call(() -> this.locks.list(query));
	}

	/** What nobody gets, because the subscription was cancelled, is given back. */
	private static <T> Mono<T> handOver(Supplier<CompletableFuture<T>> begin, Consumer<T> giveBack) {
		Mono<T> acquired = ReactiveHandOver.ofCancellable(begin, giveBack, Runnable::run);
		return Mono.defer(() -> Schedulers.isInNonBlockingThread() ? acquired.subscribeOn(Schedulers.boundedElastic())
				: acquired);
	}

	/** What was begun goes on if the subscription is cancelled. */
	private static <T> Mono<T> call(Supplier<@Nullable T> operation) {
		return Mono.create((sink) -> run(sink, () -> sink.success(operation.get())));
	}

	/** Listeners run in the thread of the operation, and they may block. */
	private static void run(MonoSink<?> sink, Runnable operation) {
		Runnable failing = () -> {
			try {
				operation.run();
			}
			catch (Throwable ex) {
				sink.error(ex);
			}
		};
		if (Schedulers.isInNonBlockingThread()) {
			Schedulers.boundedElastic().schedule(failing);
		}
		else {
			failing.run();
		}
	}

	/**
	 * A handle with the methods of another one.
	 *
	 * @param handle the other one
	 */
	private record ReactiveHandle(LockHandle handle) implements ReactiveLockHandle {

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
			return call(this.handle::refresh);
		}

		@Override
		public void onLost(Runnable callback) {
			this.handle.onLost(callback);
		}

		@Override
		public Mono<Boolean> release() {
			return call(this.handle::release);
		}

		@Override
		public Mono<Void> close() {
			return call(() -> {
				this.handle.close();
				return null;
			});
		}

		@Override
		public String toString() {
			return this.handle.toString();
		}

	}

}
