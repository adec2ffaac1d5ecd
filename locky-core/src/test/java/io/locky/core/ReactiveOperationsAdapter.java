package io.locky.core;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockHandle;
import io.locky.ReactiveLockyOperations;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * The reactive operations for contracts that block: subscribes to them, and waits in the
 * calling thread. An interrupt cancels a request that waits for a lock, and nothing else.
 */
final class ReactiveOperationsAdapter implements LockyOperations {

	private final LockyTemplate template;

	private final ReactiveLockyOperations locks;

	/** The resources for which threads wait. */
	private final Map<Thread, String> waiting = new ConcurrentHashMap<>();

	ReactiveOperationsAdapter(RedisConnectionFactory connections, LockyTemplate template) {
		this.template = template;
		this.locks = new ReactiveLockyTemplate(
				new ReactiveStringRedisTemplate((ReactiveRedisConnectionFactory) connections), template);
	}

	/** Whether it waits, and Redis has its place and those of all others that wait. */
	boolean isWaiting(Thread thread) {
		String resource = this.waiting.get(thread);
		return resource != null && this.template.waiters(resource)
			.size() >= this.waiting.values().stream().filter(resource::equals).count();
	}

	@Override
	public boolean lock(Object resource, Object locker) {
		return answer(this.locks.lock(resource, locker));
	}

	@Override
	public boolean lock(LockRequest request) {
		return awaitGrant(request, this.locks.lock(request)).orElse(false);
	}

	@Override
	public LockAttempt tryLock(LockRequest request) {
		return awaitGrant(request, this.locks.tryLock(request)).map(ReactiveOperationsAdapter::attempt)
			.orElseGet(() -> new LockAttempt.Denied(find(request.resource()).orElse(null)));
	}

	@Override
	public CompletableFuture<LockAttempt> tryLockAsync(LockRequest request) {
		return this.locks.tryLock(request).map(ReactiveOperationsAdapter::attempt).toFuture();
	}

	private static LockAttempt attempt(ReactiveLockAttempt attempt) {
		return (attempt instanceof ReactiveLockAttempt.Acquired acquired)
				? new LockAttempt.Acquired(new Handle(acquired.handle()))
				: new LockAttempt.Denied(((ReactiveLockAttempt.Denied) attempt).lock());
	}

	@Override
	public boolean lockAll(Collection<?> resources, Object locker) {
		return answer(this.locks.lockAll(resources, locker));
	}

	@Override
	public boolean refresh(Object resource) {
		return answer(this.locks.refresh(resource));
	}

	@Override
	public boolean refresh(Object resource, Object locker) {
		return answer(this.locks.refresh(resource, locker));
	}

	@Override
	public boolean refresh(Object resource, Object locker, long fence) {
		return answer(this.locks.refresh(resource, locker, fence));
	}

	@Override
	public LockRefresh tryRefresh(Object resource, Object locker, long fence) {
		return answer(this.locks.tryRefresh(resource, locker, fence));
	}

	@Override
	public LockRefresh tryRefresh(Object resource, Object locker, long fence, Duration idle) {
		return answer(this.locks.tryRefresh(resource, locker, fence, idle));
	}

	@Override
	public boolean unlock(Object resource) {
		return answer(this.locks.unlock(resource));
	}

	@Override
	public boolean unlock(Object resource, Object locker) {
		return answer(this.locks.unlock(resource, locker));
	}

	@Override
	public boolean unlock(Object resource, Object locker, long fence) {
		return answer(this.locks.unlock(resource, locker, fence));
	}

	@Override
	public int unlockAll(Object locker) {
		return answer(this.locks.unlockAll(locker));
	}

	@Override
	public @Nullable String getLocker(Object resource) {
		return await(this.locks.getLocker(resource).toFuture());
	}

	@Override
	public Optional<LockInfo> find(Object resource) {
		return Optional.ofNullable(await(this.locks.find(resource).toFuture()));
	}

	@Override
	public Map<String, LockInfo> findAll(Collection<?> resources) {
		return answer(this.locks.findAll(resources));
	}

	@Override
	public LockPage list(LockQuery query) {
		return answer(this.locks.list(query));
	}

	private static <T> T answer(Mono<T> operation) {
		return Objects.requireNonNull(await(operation.toFuture()));
	}

	/** Empty if it was interrupted, and therefore cancelled. */
	private <T> Optional<T> awaitGrant(LockRequest request, Mono<T> operation) {
		if (request.options().waitUpTo() == null) {
			return Optional.of(answer(operation));
		}
		this.waiting.put(Thread.currentThread(), request.resource());
		CompletableFuture<T> result = operation.toFuture();
		try {
			return Optional.ofNullable(get(result));
		}
		catch (InterruptedException ex) {
			boolean cancelled = result.cancel(true);
			Optional<T> answer = cancelled ? Optional.empty() : Optional.ofNullable(await(result));
			Thread.currentThread().interrupt();
			return answer;
		}
		finally {
			this.waiting.remove(Thread.currentThread());
		}
	}

	/** To its end: the interrupt follows. */
	private static <T> @Nullable T await(CompletableFuture<T> result) {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return get(result);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private static <T> @Nullable T get(CompletableFuture<T> result) throws InterruptedException {
		try {
			return result.get();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RuntimeException failure) {
				throw failure;
			}
			throw new IllegalStateException(ex.getCause());
		}
	}

	private record Handle(ReactiveLockHandle handle) implements LockHandle {

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
		public boolean refresh() {
			return answer(this.handle.refresh());
		}

		@Override
		public void onLost(Runnable callback) {
			this.handle.onLost(callback);
		}

		@Override
		public boolean release() {
			return answer(this.handle.release());
		}

		@Override
		public void close() {
			await(this.handle.close().toFuture());
		}

	}

}
