package io.locky.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import io.locky.LockLostException;
import org.jspecify.annotations.Nullable;

/**
 * Ends a call when the future that its method returned is completed.
 */
final class FutureCompletion {

	/**
	 * The thread that completes a future may be a driver's event loop, which must not
	 * wait for Redis.
	 */
	private final Executor executor;

	FutureCompletion(Executor executor) {
		this.executor = executor;
	}

	/**
	 * Ends a call on completion of a future. The future is not asked for its state: many
	 * a stage cannot answer.
	 * @param call the call
	 * @param stage the future that its method returned
	 * @return a future that is completed with the same outcome once the locks are
	 * released; cancelling it cancels {@code stage}
	 */
	CompletableFuture<@Nullable Object> endOnCompletion(LockedInvocation call, CompletionStage<?> stage) {
		CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
		Thread caller = Thread.currentThread();
		AtomicBoolean returned = new AtomicBoolean();
		stage.whenComplete((value, failure) -> {
			Runnable end = () -> end(call, result, (Object) value, failure);
			// A stage that is completed already calls back at once.
			boolean done = !returned.get() && Thread.currentThread() == caller;
			(done ? (Executor) Runnable::run : this.executor).execute(end);
		});
		returned.set(true);
		result.whenComplete((value, failure) -> {
			if (result.isCancelled() && stage instanceof Future<?> future) {
				future.cancel(true);
			}
		});
		return result;
	}

	private static void end(LockedInvocation call, CompletableFuture<@Nullable Object> result, @Nullable Object value,
			@Nullable Throwable failure) {
		if (failure != null) {
			call.end(failure);
			result.completeExceptionally(failure);
			return;
		}
		LockLostException loss = call.end();
		if (loss != null) {
			result.completeExceptionally(loss);
		}
		else {
			result.complete(value);
		}
	}

}
