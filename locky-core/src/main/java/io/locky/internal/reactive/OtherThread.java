package io.locky.internal.reactive;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what follows from a reply out of the thread that sends. A reply may be there
 * before that thread waits for it, and a future then runs in it what follows: users'
 * code, in an event loop or in a timer.
 */
public final class OtherThread {

	private OtherThread() {
	}

	/**
	 * Does something at the end of a future, never in the calling thread.
	 * @param <T> the type of the result
	 * @param future the future, which other threads complete
	 * @param threads where to do it if the future is complete already
	 * @param end gets the result, or the failure
	 */
	public static <T> void whenComplete(CompletableFuture<T> future, Executor threads,
			BiConsumer<@Nullable T, @Nullable Throwable> end) {
		Thread calling = Thread.currentThread();
		future.whenComplete((result, failure) -> {
			if (Thread.currentThread() == calling) {
				threads.execute(() -> end.accept(result, failure));
			}
			else {
				end.accept(result, failure);
			}
		});
	}

}
