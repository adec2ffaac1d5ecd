package io.locky.internal.redis;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;

/**
 * Waits while Redis Cluster moves a slot from one node to another. Meanwhile the keys of
 * a script may be on both nodes, or not exist yet: the node then refuses the script
 * before any of it has run.
 */
final class SlotMigration {

	private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

	private final Duration timeout;

	SlotMigration(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Sends a command again until a node with all its keys runs it.
	 * @param <T> the type of the reply
	 * @param command sends the command, and returns the reply
	 * @return the reply
	 * @throws TransientDataAccessResourceException if the slot is still being moved after
	 * the time-out, or the thread is interrupted
	 */
	<T> T outlast(Supplier<T> command) {
		Wait wait = begin();
		while (true) {
			try {
				return command.get();
			}
			catch (DataAccessException ex) {
				LockSupport.parkNanos(wait.pauseAfter(ex).toNanos());
			}
		}
	}

	/**
	 * Begins to send a command.
	 * @return the pauses, if it has to be sent again
	 */
	Wait begin() {
		return new Wait();
	}

	/**
	 * The pauses of one command.
	 */
	final class Wait {

		private final long begin = System.nanoTime();

		private @Nullable Backoff pauses;

		/**
		 * Decides whether to send the command again.
		 * @param failure why it failed
		 * @return the pause before
		 * @throws RuntimeException if it is not to be sent again
		 */
		Duration pauseAfter(RuntimeException failure) {
			if (!RedisErrors.isSlotMoving(failure)) {
				throw failure;
			}
			requireTimeLeft(this.begin, failure);
			Backoff present = (this.pauses != null) ? this.pauses : new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE);
			this.pauses = present;
			return present.next();
		}

	}

	private void requireTimeLeft(long begin, RuntimeException failure) {
		if (Thread.currentThread().isInterrupted() || System.nanoTime() - begin >= this.timeout.toNanos()) {
			throw new TransientDataAccessResourceException(
					"Redis still answers '%s' after %d ms: a slot is being moved to another node, or the connection is not set up for a Redis Cluster (spring.data.redis.cluster.nodes). Nothing was done; try again later"
						.formatted(RedisErrors.message(failure), this.timeout.toMillis()),
					failure);
		}
	}

}
