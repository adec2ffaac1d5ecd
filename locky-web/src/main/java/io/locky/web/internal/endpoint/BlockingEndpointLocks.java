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
import io.locky.LockyOperations;
import org.jspecify.annotations.Nullable;

/**
 * Calls the blocking operations in the calling thread.
 */
final class BlockingEndpointLocks extends EndpointLocks {

	private final LockyOperations locks;

	BlockingEndpointLocks(LockyOperations locks) {
		this.locks = locks;
	}

	@Override
	CompletionStage<Attempt> tryLock(LockRequest request) {
		return call(() -> Attempt.of(this.locks.tryLock(request)));
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
		return call(() -> this.locks.find(resource));
	}

	@Override
	CompletionStage<Map<String, LockInfo>> findAll(Collection<String> resources) {
		return call(() -> this.locks.findAll(resources));
	}

	@Override
	CompletionStage<LockPage> list(LockQuery query) {
		return call(() -> this.locks.list(query));
	}

	/** It is completed: the other request kept its thread, and its turn, until then. */
	@Override
	CompletionStage<?> resumeAfter(CompletionStage<?> other) {
		return other;
	}

	static <T> CompletionStage<T> call(Supplier<T> operation) {
		try {
			return CompletableFuture.completedFuture(operation.get());
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

}
