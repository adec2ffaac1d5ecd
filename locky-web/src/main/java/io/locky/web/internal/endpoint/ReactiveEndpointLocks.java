package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.locky.LockInfo;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockyOperations;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Schedulers;

/**
 * Calls the reactive operations: no thread is kept while Redis works. A stage that nobody
 * waits for any more goes on to its end, as a request to Spring MVC does.
 */
public final class ReactiveEndpointLocks extends EndpointLocks {

	private final ReactiveLockyOperations locks;

	/**
	 * Creates the operations.
	 * @param locks the reactive operations
	 */
	public ReactiveEndpointLocks(ReactiveLockyOperations locks) {
		this.locks = locks;
	}

	@Override
	CompletionStage<Attempt> tryLock(LockRequest request) {
		return call(() -> this.locks.tryLock(request).map(ReactiveEndpointLocks::attempt));
	}

	private static Attempt attempt(ReactiveLockAttempt attempt) {
		return (attempt instanceof ReactiveLockAttempt.Acquired acquired) ? new Attempt(acquired.handle().fence(), null)
				: new Attempt(0, ((ReactiveLockAttempt.Denied) attempt).lock());
	}

	@Override
	CompletionStage<LockRefresh> tryRefresh(String resource, String locker, long fence, @Nullable Duration idle) {
		return call(() -> (idle != null) ? this.locks.tryRefresh(resource, locker, fence, idle)
				: this.locks.tryRefresh(resource, locker, fence));
	}

	@Override
	CompletionStage<Boolean> unlock(String resource, String locker, long fence) {
		return call(() -> this.locks.unlock(resource, locker, fence));
	}

	@Override
	CompletionStage<Optional<LockInfo>> find(String resource) {
		return call(() -> this.locks.find(resource).map(Optional::of).defaultIfEmpty(Optional.empty()));
	}

	@Override
	CompletionStage<Map<String, LockInfo>> findAll(Collection<String> resources) {
		return call(() -> this.locks.findAll(resources));
	}

	@Override
	CompletionStage<LockPage> list(LockQuery query) {
		return call(() -> this.locks.list(query));
	}

	@Override
	CompletionStage<?> resumeAfter(CompletionStage<?> other) {
		return other.toCompletableFuture().isDone() ? other : call(() -> Mono.fromCompletionStage(other));
	}

	/**
	 * Subscribes, and completes a future in a thread that may block. There, what depends
	 * on the future finds the thread-locals of the caller, such as its trace: Reactor
	 * restores them in {@code handle}, which no failure reaches.
	 */
	private static <T> CompletionStage<T> call(Supplier<Mono<T>> operation) {
		CompletableFuture<T> future = new CompletableFuture<>();
		Mono.defer(operation)
			.materialize()
			.publishOn(Schedulers.boundedElastic())
			.handle((signal, sink) -> complete(future, signal))
			.contextCapture()
			.subscribe();
		return future;
	}

	private static <T> void complete(CompletableFuture<T> future, Signal<T> signal) {
		Throwable failure = signal.getThrowable();
		if (failure != null) {
			future.completeExceptionally(failure);
		}
		else {
			future.complete(signal.get());
		}
	}

}
