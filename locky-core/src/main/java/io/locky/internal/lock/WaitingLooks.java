package io.locky.internal.lock;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;

import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for waiters whether an attempt is of use. An attempt for a lock that is held
 * costs Redis about a hundred times as much, and a thousand locks may be waited for:
 * those that are due at the same time are looked at with one command.
 */
final class WaitingLooks implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(WaitingLooks.class);

	private static final int BATCH = 500;

	/** The attempts to make, by resource. */
	private final Map<String, Runnable> due = new LinkedHashMap<>();

	private final ExecutorService thread = DaemonThreads.pool("locky-look-", 1);

	private final ScriptRunner scripts;

	private final LockCommands commands;

	private final LockyKeys keys;

	private boolean scheduled;

	WaitingLooks(ScriptRunner scripts, LockCommands commands, LockyKeys keys) {
		this.scripts = scripts;
		this.commands = commands;
		this.keys = keys;
	}

	/**
	 * Looks soon, on another thread.
	 * @param resource the name of the resource
	 * @param attempt makes a waiter attempt soon, if the lock is free; it must not block.
	 * If Redis does not answer it runs too, so that the waiter gets the exception
	 */
	void look(String resource, Runnable attempt) {
		synchronized (this.due) {
			this.due.put(resource, attempt);
			if (this.scheduled) {
				return;
			}
			this.scheduled = true;
		}
		try {
			this.thread.execute(this::lookAtAll);
		}
		catch (Throwable ex) {
			logger.debug("No thread could be started to look at locks that are waited for", ex);
			takeDue().values().forEach(Runnable::run);
		}
	}

	private void lookAtAll() {
		Map<String, Runnable> attempts = takeDue();
		for (List<String> part : this.keys.byPartition(attempts.keySet())) {
			for (int first = 0; first < part.size(); first += BATCH) {
				List<String> batch = part.subList(first, Math.min(first + BATCH, part.size()));
				free(batch).forEach((resource) -> Objects.requireNonNull(attempts.get(resource)).run());
			}
		}
	}

	private List<String> free(List<String> resources) {
		try {
			return this.scripts.run(this.commands.look(resources));
		}
		catch (Throwable ex) {
			logger.debug("Redis did not answer which locks are free", ex);
			return resources;
		}
	}

	private Map<String, Runnable> takeDue() {
		synchronized (this.due) {
			this.scheduled = false;
			Map<String, Runnable> taken = new LinkedHashMap<>(this.due);
			this.due.clear();
			return taken;
		}
	}

	@Override
	public void close() {
		this.thread.shutdownNow();
	}

}
