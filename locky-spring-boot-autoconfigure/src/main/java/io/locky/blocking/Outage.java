package io.locky.blocking;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;

/**
 * Says once that Redis is gone and once that it is back, and tells how long to wait
 * between attempts. Used by one thread.
 *
 * @since 0.1.0
 */
public final class Outage {

	private static final Logger logger = LoggerFactory.getLogger(Outage.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	private final String work;

	private @Nullable Duration pause;

	/**
	 * Creates the watch over some work.
	 * @param work what is not done during an outage, as the subject of a sentence in the
	 * plural
	 */
	public Outage(String work) {
		this.work = work;
	}

	/**
	 * An attempt has failed.
	 * @param failure why
	 * @return how long to wait for the next
	 */
	public Duration failed(Throwable failure) {
		if (this.pause == null) {
			logger.warn(
					"{} are not announced for now, because Redis does not answer as it should: {}. "
							+ "Trying again until it does.",
					this.work, NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
			this.pause = FIRST_PAUSE;
		}
		else {
			Duration doubled = this.pause.multipliedBy(2);
			this.pause = (doubled.compareTo(LONGEST_PAUSE) < 0) ? doubled : LONGEST_PAUSE;
		}
		logger.debug("Next attempt in {} ms", this.pause.toMillis(), failure);
		return this.pause;
	}

	/**
	 * An attempt has succeeded.
	 */
	public void succeeded() {
		if (this.pause != null) {
			logger.info("Redis answers again. {} are announced, those of the meantime too.", this.work);
			this.pause = null;
		}
	}

}
