package io.locky.internal.lock;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.locky.internal.redis.BackgroundThread;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.RandomId;
import io.locky.internal.redis.RedisErrors;
import io.locky.internal.redis.ScanReply;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.Waiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Builds the index by locker of locks that were granted without it, and deletes it where
 * it is switched off. It works in small steps in the background, with pauses in which
 * Redis does other work. Until the index is complete, and after an instance has granted a
 * lock without it, the locks of a locker are found by a scan.
 */
final class LockerIndex implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(LockerIndex.class);

	private static final LockyScript<List<Object>> INDEX = LockyScript.ofList(LockerIndex.class, "index");

	private static final LockyScript<List<Object>> SWEEP = LockyScript.ofList(LockerIndex.class, "sweep");

	private static final LockyScript<List<Object>> CLEAR = LockyScript.ofList(LockerIndex.class, "clear");

	/** About how many records or lists a step looks at: some hundred microseconds. */
	private static final int STEP = 200;

	/** After each step, Redis is left alone for so many times as long as it took. */
	private static final int PAUSES = 3;

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final Timing timing;

	private final Waiter waiter = new Waiter();

	private volatile @Nullable BackgroundThread thread;

	LockerIndex(ScriptRunner scripts, LockyKeys keys, Timing timing) {
		this.scripts = scripts;
		this.keys = keys;
		this.timing = timing;
	}

	@Override
	public synchronized void start() {
		if (this.thread == null) {
			this.thread = BackgroundThread.start("locky-index", this::work);
		}
	}

	private void work(BackgroundThread self) {
		try {
			boolean done = false;
			while (!self.isStopped() && !done) {
				done = isDone(self);
				// The wake-up of a stop may have ended a pause within the step.
				if (!done && !self.isStopped()) {
					this.waiter.await(this.timing.period());
				}
			}
		}
		catch (InterruptedException ex) {
			logger.debug("The index by locker is left as it is");
		}
	}

	/** An outage is logged by the parts that need Redis, not by this one. */
	private boolean isDone(BackgroundThread self) throws InterruptedException {
		try {
			if (!this.keys.hasLockerIndex()) {
				clear(self);
				return true;
			}
			look(self);
		}
		catch (DataAccessException ex) {
			if (RedisErrors.isRefusal(ex)) {
				logger.debug("The index by locker is not kept: the check of Redis names the missing permission", ex);
				return true;
			}
			logger.debug("The index by locker cannot be built now", ex);
		}
		catch (RuntimeException | Error ex) {
			logger.debug("The index by locker was not built", ex);
		}
		return false;
	}

	private void look(BackgroundThread self) throws InterruptedException {
		String id = RandomId.next();
		List<Step> looks = this.scripts.runAll(this.keys.partitions()
			.stream()
			.map((partition) -> index(partition, id, new Step("look", ScanReply.START, "")))
			.toList());
		for (LockyPartition partition : this.keys.partitions()) {
			Step step = looks.get(partition.number());
			while (step.state().equals("building") && !self.isStopped()) {
				Step last = step;
				step = paced(() -> this.scripts.run(index(partition, id, last)));
			}
			if (step.state().equals("sweep")) {
				sweep(self, partition);
			}
		}
	}

	private void sweep(BackgroundThread self, LockyPartition partition) throws InterruptedException {
		Swept part = new Swept(ScanReply.START, 0);
		int count = STEP;
		do {
			int lists = count;
			Swept last = part;
			part = paced(() -> this.scripts.run(sweep(partition, last.cursor(), lists)));
			// A list may be long.
			count = (int) Math.max(1, Math.min(STEP, (long) count * STEP / Math.max(1, part.entries())));
		}
		while (!part.cursor().equals(ScanReply.START) && !self.isStopped());
	}

	private void clear(BackgroundThread self) throws InterruptedException {
		for (LockyPartition partition : this.keys.partitions()) {
			String cursor = ScanReply.START;
			do {
				String last = cursor;
				cursor = paced(() -> this.scripts.run(clear(partition, last)));
			}
			while (!cursor.equals(ScanReply.START) && !self.isStopped());
		}
	}

	private <R> R paced(Supplier<R> step) throws InterruptedException {
		long start = System.nanoTime();
		R result = step.get();
		this.waiter.await(Duration.ofNanos((System.nanoTime() - start) * PAUSES));
		return result;
	}

	private ScriptCall<Step> index(LockyPartition partition, String id, Step last) {
		return INDEX.call(List.of(partition.records(), partition.fence(), partition.lockers()),
				List.of(id, last.server(), last.cursor(), Integer.toString(STEP), millis(this.timing.brokenPause()),
						millis(this.timing.buildTimeout()), millis(this.timing.sweepPeriod())),
				(reply) -> new Step((String) reply.get(0), (String) reply.get(1), (String) reply.get(2)));
	}

	private static ScriptCall<Swept> sweep(LockyPartition partition, String cursor, int count) {
		return SWEEP.call(List.of(partition.records(), partition.lockers()), List.of(cursor, Integer.toString(count)),
				(reply) -> new Swept((String) reply.get(0), (Long) reply.get(1)));
	}

	private static ScriptCall<String> clear(LockyPartition partition, String cursor) {
		return CLEAR.call(List.of(partition.lockers()), List.of(cursor, Integer.toString(STEP)),
				(reply) -> (String) reply.get(0));
	}

	private static String millis(Duration duration) {
		return Long.toString(duration.toMillis());
	}

	@Override
	public synchronized void stop() {
		BackgroundThread worker = this.thread;
		this.thread = null;
		if (worker != null) {
			worker.stop();
			this.waiter.wake();
			if (!worker.awaitEnd(STOP_TIMEOUT)) {
				worker.interrupt();
			}
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

	/**
	 * How often things are done.
	 *
	 * @param period how often to look whether the index is complete
	 * @param brokenPause how long after a complete index lost a grant it is built again
	 * @param buildTimeout how long a build may be without a step before another begins
	 * @param sweepPeriod how often to look for old entries
	 */
	record Timing(Duration period, Duration brokenPause, Duration buildTimeout, Duration sweepPeriod) {

		static final Timing DEFAULT = new Timing(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofSeconds(10),
				Duration.ofHours(1));

	}

	/**
	 * The reply of {@code index.lua}.
	 *
	 * @param state what is to be done
	 * @param cursor where to continue
	 * @param server the server that the cursor is of, empty if there is no build
	 */
	private record Step(String state, String cursor, String server) {

	}

	/**
	 * The reply of {@code sweep.lua}.
	 *
	 * @param cursor where to continue
	 * @param entries how many entries were looked at
	 */
	private record Swept(String cursor, long entries) {

	}

}
