package io.locky.sample;

import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes a line for whatever happens to a lock.
 */
@Component
class LockLog {

	private static final Logger logger = LoggerFactory.getLogger(LockLog.class);

	@EventListener
	void on(LockyEvent event) {
		logger.info("{} {} (fence {})", event.getResource(), describe(event), event.getFence());
	}

	private static String describe(LockyEvent event) {
		if (event instanceof LockTakenOverEvent takenOver) {
			return "was taken over by %s from %s".formatted(event.getLocker(), takenOver.getPreviousLocker());
		}
		if (event instanceof LockAcquiredEvent) {
			return "is locked by %s".formatted(event.getLocker());
		}
		if (event instanceof LockReleasedEvent) {
			return "was released by %s".formatted(event.getLocker());
		}
		if (event instanceof LockExpiredEvent) {
			return "expired, last held by %s".formatted(event.getLocker());
		}
		throw new IllegalStateException("No text for " + event);
	}

}
