package io.locky.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

import io.locky.LockLostException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * Ends a call when the future that its method returned is completed.
 */
final class FutureCompletion {

	/**
	 * The thread that completes a future may be a driver's event loop, which must not
	 * wait for Redis.
	 */
	private final Executor executor = new SimpleAsyncTaskExecutor("locky-release-");

	/**
	 * Ends a call on completion of a future.
	 * @param call the call
	 * @param stage the future that its method returned
	 * @return a future that is completed with the same outcome once the locks are
	 * released; cancelling it cancels {@code stage}
	 */
	CompletableFuture<@Nullable Object> endOnCompletion(LockedInvocation call, CompletionStage<?> stage) {
		CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
		Executor endExecutor = isDone(stage) ? Runnable::run : this.executor;
		stage.whenComplete((value, failure) -> endExecutor.execute(() -> end(call, result, (Object) value, failure)));
		result.whenComplete((value, failure) -> {
			if (result.isCancelled() && stage instanceof Future<?> future) {
				future.cancel(true);
			}
		});
		return result;
	}

	private static boolean isDone(CompletionStage<?> stage) {
		return stage instanceof Future<?> future && future.isDone();
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
