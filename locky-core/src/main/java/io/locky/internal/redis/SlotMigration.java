package io.locky.internal.redis;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

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
		long begin = System.nanoTime();
		try {
			return command.get();
		}
		catch (DataAccessException ex) {
			return sendAgain(command, begin, ex);
		}
	}

	private <T> T sendAgain(Supplier<T> command, long begin, DataAccessException first) {
		Backoff pauses = new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE);
		DataAccessException failure = first;
		while (RedisErrors.isSlotMoving(failure)) {
			requireTimeLeft(begin, failure);
			LockSupport.parkNanos(pauses.next().toNanos());
			try {
				return command.get();
			}
			catch (DataAccessException ex) {
				failure = ex;
			}
		}
		throw failure;
	}

	private void requireTimeLeft(long begin, DataAccessException failure) {
		if (Thread.currentThread().isInterrupted() || System.nanoTime() - begin >= this.timeout.toNanos()) {
			throw new TransientDataAccessResourceException(
					"Redis still answers '%s' after %d ms: a slot is being moved to another node, or the connection is not set up for a Redis Cluster (spring.data.redis.cluster.nodes). Nothing was done; try again later"
						.formatted(RedisErrors.message(failure), this.timeout.toMillis()),
					failure);
		}
	}

}
