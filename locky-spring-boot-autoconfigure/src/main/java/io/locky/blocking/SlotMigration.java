package io.locky.blocking;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;

/**
 * Waits while Redis Cluster moves a slot from one node to another. In that time the keys
 * of a script may be on both, or not exist yet: the node then refuses the script, of
 * which nothing has run.
 */
final class SlotMigration {

	/**
	 * What a node answers that has not run a command: keys on both sides of a move, or
	 * more redirections in a row than the driver follows.
	 */
	private static final Pattern NOT_RUN = Pattern.compile("(TRYAGAIN|ASK|MOVED)\\s.*", Pattern.DOTALL);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

	private final Duration patience;

	SlotMigration(Duration patience) {
		this.patience = patience;
	}

	/**
	 * Sends until the node that has all the keys answers.
	 * @param <T> the type of the answer
	 * @param command what sends
	 * @return the answer
	 * @throws TransientDataAccessResourceException if the slot is still being moved after
	 * the time that this waits, or the thread is interrupted
	 */
	<T> T outlast(Supplier<T> command) {
		long begin = System.nanoTime();
		long pause = Duration.ofMillis(1).toNanos();
		while (true) {
			try {
				return command.get();
			}
			catch (DataAccessException ex) {
				if (!isUnderWay(ex)) {
					throw ex;
				}
				giveUp(begin, ex);
			}
			LockSupport.parkNanos(pause);
			pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
		}
	}

	private void giveUp(long begin, DataAccessException failure) {
		if (Thread.currentThread().isInterrupted() || System.nanoTime() - begin >= this.patience.toNanos()) {
			throw new TransientDataAccessResourceException(
					"Redis still answers '%s' after %d ms: a slot is being moved to another node, or the connection is not set up for a Redis Cluster (spring.data.redis.cluster.nodes). Nothing was done; try again later"
						.formatted(message(failure), this.patience.toMillis()),
					failure);
		}
	}

	static boolean isUnderWay(Throwable failure) {
		return NOT_RUN.matcher(message(failure)).matches();
	}

	private static String message(Throwable failure) {
		return String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
	}

}
