package io.locky.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

import io.locky.LockLostException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * Ends calls when the stage that their method has returned is completed.
 */
final class FutureCompletion {

	/** Who completes a stage may be the event loop of a driver, which must not wait. */
	private final Executor executor = new SimpleAsyncTaskExecutor("locky-release-");

	/**
	 * Ends a call with a stage.
	 * @param call the call
	 * @param stage what its method has returned
	 * @return a future that is completed as the stage is, but after the locks were given
	 * back; cancelling it cancels the stage
	 */
	CompletableFuture<@Nullable Object> endWith(LockedInvocation call, CompletionStage<?> stage) {
		CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
		Executor ending = isDone(stage) ? Runnable::run : this.executor;
		stage.whenComplete((value, failure) -> ending.execute(() -> end(call, result, (Object) value, failure)));
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
