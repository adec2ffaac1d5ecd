package io.locky.internal.redis;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that Redis is gone and once that it is back, and tells how long to wait
 * between attempts. Used by one thread.
 *
 * @since 0.1.0
 */
public final class OutageBackoff {

	private static final Logger logger = LoggerFactory.getLogger(OutageBackoff.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	private final String work;

	private final Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);

	private boolean down;

	/**
	 * Creates the watch over some work.
	 * @param work what is not done during an outage, as the subject of a sentence in the
	 * plural
	 */
	public OutageBackoff(String work) {
		this.work = work;
	}

	/**
	 * An attempt has failed.
	 * @param failure why
	 * @return how long to wait for the next
	 */
	public Duration failed(Throwable failure) {
		if (!this.down) {
			this.down = true;
			logger.warn("{} are not published for now, because Redis does not answer as it should: {}. "
					+ "Trying again until it does.", this.work, RedisErrors.message(failure));
		}
		Duration pause = this.pauses.next();
		logger.debug("Next attempt in {} ms", pause.toMillis(), failure);
		return pause;
	}

	/**
	 * An attempt has succeeded.
	 */
	public void succeeded() {
		if (this.down) {
			this.down = false;
			this.pauses.reset();
			logger.info("Redis answers again. {} are published, including those of the meantime.", this.work);
		}
	}

}
