package io.locky.core;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockHandle;
import io.locky.ReactiveLockyOperations;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * Keeps locks in Redis without blocking: the locks of a {@link LockyTemplate}, for
 * reactive applications. Thread-safe.
 *
 * @since 0.9.0
 */
public class ReactiveLockyTemplate implements ReactiveLockyOperations {

	private final LockyTemplate locks;

	/**
	 * Creates a template. It does not connect to Redis yet.
	 * @param redis the reactive access to Redis
	 * @param locks what renews handles, publishes expiries and receives messages for this
	 * template, too
	 */
	public ReactiveLockyTemplate(ReactiveStringRedisTemplate redis, LockyTemplate locks) {
		this.locks = locks;
	}

	@Override
	public Mono<Boolean> lock(Object resource, Object locker) {
		return lock(LockRequest.of(resource).by(locker));
	}

	@Override
	public Mono<Boolean> lock(LockRequest request) {
		return call(() -> this.locks.lock(request));
	}

	@Override
	public Mono<ReactiveLockAttempt> tryLock(LockRequest request) {
		return Mono.fromFuture(() -> this.locks.tryLockAsync(request)).map(ReactiveLockyTemplate::attempt);
	}

	private static ReactiveLockAttempt attempt(LockAttempt attempt) {
		return (attempt instanceof LockAttempt.Acquired acquired)
				? new ReactiveLockAttempt.Acquired(new Handle(acquired.handle()))
				: new ReactiveLockAttempt.Denied(((LockAttempt.Denied) attempt).lock());
	}

	@Override
	public Mono<Boolean> lockAll(Collection<?> resources, Object locker) {
		return call(() -> this.locks.lockAll(resources, locker));
	}

	@Override
	public Mono<Boolean> refresh(Object resource) {
		return call(() -> this.locks.refresh(resource));
	}

	@Override
	public Mono<Boolean> refresh(Object resource, Object locker) {
		return call(() -> this.locks.refresh(resource, locker));
	}

	@Override
	public Mono<LockRefresh> tryRefresh(Object resource, Object locker, long fence) {
		return call(() -> this.locks.tryRefresh(resource, locker, fence));
	}

	@Override
	public Mono<LockRefresh> tryRefresh(Object resource, Object locker, long fence, Duration idle) {
		return call(() -> this.locks.tryRefresh(resource, locker, fence, idle));
	}

	@Override
	public Mono<Boolean> unlock(Object resource) {
		return call(() -> this.locks.unlock(resource));
	}

	@Override
	public Mono<Boolean> unlock(Object resource, Object locker) {
		return call(() -> this.locks.unlock(resource, locker));
	}

	@Override
	public Mono<Boolean> unlock(Object resource, Object locker, long fence) {
		return call(() -> this.locks.unlock(resource, locker, fence));
	}

	@Override
	public Mono<Integer> unlockAll(Object locker) {
		return call(() -> this.locks.unlockAll(locker));
	}

	@Override
	public Mono<String> getLocker(Object resource) {
		return find(resource).map(LockInfo::locker);
	}

	@Override
	public Mono<LockInfo> find(Object resource) {
		return call(() -> this.locks.find(resource).orElse(null));
	}

	@Override
	public Mono<Map<String, LockInfo>> findAll(Collection<?> resources) {
		return call(() -> this.locks.findAll(resources));
	}

	@Override
	public Mono<LockPage> list(LockQuery query) {
		return call(() -> this.locks.list(query));
	}

	private static <T> Mono<T> call(Supplier<@Nullable T> operation) {
		return Mono.<T>fromSupplier(operation).subscribeOn(Schedulers.boundedElastic());
	}

	private record Handle(LockHandle handle) implements ReactiveLockHandle {

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
			return Mono.<Void>fromRunnable(this.handle::close).subscribeOn(Schedulers.boundedElastic());
		}

	}

}
