package io.locky.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockHandle;
import io.locky.ReactiveLockyOperations;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * An attempt to acquire a lock by the reactive operations. This class is not loaded where
 * there is no Reactor.
 */
final class ReactiveAttempt extends BaseSubscriber<ReactiveLockAttempt> {

	private final CompletableFuture<LockAttempt> result = new CompletableFuture<>();

	private final Context context;

	private ReactiveAttempt(ContextView context) {
		this.context = Context.of(context);
	}

	/**
	 * Begins an attempt.
	 * @param locks the operations
	 * @param request the request
	 * @param context the context of the subscription that needs the lock
	 * @return the future of the result. If it is cancelled, no lock stays behind
	 */
	static CompletableFuture<LockAttempt> begin(ReactiveLockyOperations locks, LockRequest request,
			ContextView context) {
		ReactiveAttempt attempt = new ReactiveAttempt(context);
		attempt.result.whenComplete((outcome, failure) -> {
			if (attempt.result.isCancelled()) {
				attempt.cancel();
			}
		});
		locks.tryLock(request).subscribe(attempt);
		return attempt.result;
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	/**
	 * Called also for a grant that crosses the cancellation. The operations don't see
	 * that it is of no use any more.
	 */
	@Override
	protected void hookOnNext(ReactiveLockAttempt attempt) {
		if (attempt instanceof ReactiveLockAttempt.Acquired acquired) {
			if (!this.result.complete(new LockAttempt.Acquired(new ReactiveHandle(acquired.handle())))) {
				acquired.handle().close().onErrorComplete().subscribe();
			}
		}
		else {
			this.result.complete(new LockAttempt.Denied(((ReactiveLockAttempt.Denied) attempt).lock()));
		}
	}

	@Override
	protected void hookOnError(Throwable failure) {
		this.result.completeExceptionally(failure);
	}

	@Override
	protected void hookOnComplete() {
		this.result.completeExceptionally(new IllegalStateException("No result of an attempt"));
	}

	/**
	 * A reactive handle, for advice. Its methods block only where a blocking call or a
	 * transaction of a thread was the last one to need the lock.
	 *
	 * @param handle the handle
	 */
	private record ReactiveHandle(ReactiveLockHandle handle) implements AsyncLockHandle {

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
			return Boolean.TRUE.equals(await(this.handle.refresh()));
		}

		@Override
		public void onLost(Runnable callback) {
			this.handle.onLost(callback);
		}

		@Override
		public CompletableFuture<Boolean> releaseAsync() {
			return this.handle.release().toFuture();
		}

		@Override
		public boolean release() {
			return Boolean.TRUE.equals(await(this.handle.release()));
		}

		@Override
		public void close() {
			await(this.handle.close());
		}

		/** Not by {@code block()}, which refuses threads that may well wait here. */
		private static <T> @Nullable T await(Mono<T> operation) {
			try {
				return operation.toFuture().join();
			}
			catch (CompletionException ex) {
				throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
			}
		}

		@Override
		public String toString() {
			return this.handle.toString();
		}

	}

}
