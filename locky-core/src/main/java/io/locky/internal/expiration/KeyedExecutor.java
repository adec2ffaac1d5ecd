package io.locky.internal.expiration;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks in the threads of another executor: those of one key one after the other in
 * their order, those of different keys at once.
 */
final class KeyedExecutor {

	private static final Logger logger = LoggerFactory.getLogger(KeyedExecutor.class);

	private final Executor threads;

	/** Of each key that has a task at work: those that wait behind it. */
	private final Map<String, Queue<Runnable>> waiting = new HashMap<>();

	KeyedExecutor(Executor threads) {
		this.threads = threads;
	}

	void execute(String key, Runnable task) {
		synchronized (this.waiting) {
			Queue<Runnable> behind = this.waiting.get(key);
			if (behind != null) {
				behind.add(task);
				return;
			}
			this.waiting.put(key, new ArrayDeque<>(1));
		}
		this.threads.execute(() -> runAll(key, task));
	}

	private void runAll(String key, Runnable first) {
		Runnable task = first;
		while (task != null) {
			try {
				task.run();
			}
			catch (RuntimeException | Error ex) {
				logger.error("A task failed, others go on", ex);
			}
			task = next(key);
		}
	}

	private @Nullable Runnable next(String key) {
		synchronized (this.waiting) {
			Queue<Runnable> behind = this.waiting.get(key);
			Runnable task = (behind != null) ? behind.poll() : null;
			if (task == null) {
				this.waiting.remove(key);
			}
			return task;
		}
	}

}
