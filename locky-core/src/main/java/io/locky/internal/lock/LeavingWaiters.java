package io.locky.internal.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import io.locky.internal.lock.LockCommands.LeavingWaiter;
import io.locky.internal.redis.BackgroundThread;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes waiters from Redis that wait no longer, several with one command. Nothing waits
 * for that, and it is tried once: what stays costs the other waiters at most a second.
 */
final class LeavingWaiters implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LeavingWaiters.class);

	private static final int BATCH = 100;

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private final Queue<LeavingWaiter> leaving = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final ScriptRunner scripts;

	private final LockCommands commands;

	private final LockyKeys keys;

	private final CleanUp cleanUp;

	LeavingWaiters(ScriptRunner scripts, LockCommands commands, LockyKeys keys, CleanUp cleanUp) {
		this.scripts = scripts;
		this.commands = commands;
		this.keys = keys;
		this.cleanUp = cleanUp;
	}

	/**
	 * Removes a waiter soon, and passes on the turn that it may have.
	 * @param waiter the waiter
	 */
	void add(LeavingWaiter waiter) {
		this.leaving.add(waiter);
		if (this.scheduled.compareAndSet(false, true)) {
			this.cleanUp.runOnce(this::removeAll);
		}
	}

	private void removeAll() {
		this.scheduled.set(false);
		try {
			List<LeavingWaiter> batch = nextBatch();
			while (!batch.isEmpty()) {
				remove(batch);
				batch = nextBatch();
			}
		}
		catch (RuntimeException ex) {
			this.leaving.clear();
			logger.debug("Waiters that left were not removed from Redis", ex);
		}
	}

	private List<LeavingWaiter> nextBatch() {
		List<LeavingWaiter> batch = new ArrayList<>();
		LeavingWaiter next = this.leaving.poll();
		while (next != null) {
			batch.add(next);
			next = (batch.size() < BATCH) ? this.leaving.poll() : null;
		}
		return batch;
	}

	private void remove(List<LeavingWaiter> batch) {
		Map<Integer, List<LeavingWaiter>> parts = batch.stream()
			.collect(Collectors.groupingBy((waiter) -> this.keys.partitionOf(waiter.resource()).number()));
		parts.values().forEach((part) -> this.scripts.run(this.commands.leave(part)));
	}

	/**
	 * Removes those that were added, and waits two seconds at most.
	 */
	@Override
	public void close() {
		if (!this.leaving.isEmpty()) {
			BackgroundThread.start("locky-leave", (self) -> removeAll()).awaitEnd(CLOSE_TIMEOUT);
		}
	}

}
