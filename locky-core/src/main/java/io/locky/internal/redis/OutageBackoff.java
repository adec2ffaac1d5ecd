package io.locky.internal.redis;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs an outage of Redis once when it begins and once when it ends, and sets the pauses
 * between the attempts meanwhile. Not thread-safe.
 */
public final class OutageBackoff {

	private static final Logger logger = LoggerFactory.getLogger(OutageBackoff.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	private final String work;

	private final Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);

	private boolean down;

	/**
	 * Creates the back-off of a worker.
	 * @param work what is not published during an outage, such as "Expired locks": the
	 * subject of a log line
	 */
	public OutageBackoff(String work) {
		this.work = work;
	}

	/**
	 * Records a failed attempt.
	 * @param failure why it failed
	 * @return the pause before the next attempt
	 */
	public Duration failed(Throwable failure) {
		if (!this.down) {
			this.down = true;
			logger.warn("{} are not published for now, because {}: {}. Trying again until it does.", this.work,
					RedisErrors.isFull(failure) ? "Redis is full and accepts no more ('maxmemory' is reached)"
							: "Redis does not answer as it should",
					RedisErrors.message(failure));
		}
		Duration pause = this.pauses.next();
		logger.debug("Next attempt in {} ms", pause.toMillis(), failure);
		return pause;
	}

	/**
	 * Records a successful attempt.
	 */
	public void succeeded() {
		if (this.down) {
			this.down = false;
			this.pauses.reset();
			logger.info("Redis answers again. {} are published, including those from the outage.", this.work);
		}
	}

}
