package io.locky.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Threads for tasks that block. The common pool has too few of them on a small machine,
 * where a task that waits for another one may never end.
 */
public final class TestThreads {

	/** A thread for each task, which never keeps the JVM alive. */
	private static final Executor THREAD_PER_TASK = TestThreads::start;

	private TestThreads() {
	}

	/**
	 * Starts a thread.
	 * @param task what it does
	 * @return the thread
	 */
	public static Thread start(Runnable task) {
		Thread thread = new Thread(task, "test-task");
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	/**
	 * Runs a task in a thread of its own.
	 * @param task what to do
	 * @return the end of the task
	 */
	public static CompletableFuture<Void> run(Runnable task) {
		return CompletableFuture.runAsync(task, THREAD_PER_TASK);
	}

	/**
	 * Runs a task in a thread of its own.
	 * @param <T> the type of the result
	 * @param task what to do
	 * @return the result
	 */
	public static <T> CompletableFuture<T> supply(Supplier<T> task) {
		return CompletableFuture.supplyAsync(task, THREAD_PER_TASK);
	}

	/**
	 * Runs several tasks that start at the same moment, and waits for all of them. When
	 * one of them has failed or the caller is interrupted, the others are interrupted.
	 * @param runners how many
	 * @param runner what each of them does, given its number
	 * @throws Exception the failure of a task
	 */
	public static void race(int runners, Runner runner) throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		List<CompletableFuture<Void>> ends = new ArrayList<>();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < runners; i++) {
			int number = i;
			CompletableFuture<Void> end = new CompletableFuture<>();
			ends.add(end);
			threads.add(start(() -> {
				try {
					start.await();
					runner.run(number);
					end.complete(null);
				}
				catch (Throwable ex) {
					end.completeExceptionally(ex);
				}
			}));
		}
		start.countDown();
		try {
			for (CompletableFuture<Void> end : ends) {
				end.get();
			}
		}
		finally {
			threads.forEach(Thread::interrupt);
		}
	}

	/**
	 * One of several tasks that run at once.
	 */
	@FunctionalInterface
	public interface Runner {

		/**
		 * Does its part.
		 * @param number from 0
		 * @throws Exception if it fails
		 */
		void run(int number) throws Exception;

	}

}
