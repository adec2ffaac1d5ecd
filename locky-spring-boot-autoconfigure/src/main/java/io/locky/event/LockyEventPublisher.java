package io.locky.event;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes lock events and keeps what listeners throw away from those who lock: the lock
 * is granted or gone in Redis, whatever a listener makes of it.
 *
 * @since 0.1.0
 */
public final class LockyEventPublisher {

	private static final Logger logger = LoggerFactory.getLogger(LockyEventPublisher.class);

	private final ApplicationEventPublisher publisher;

	/**
	 * Creates a publisher on top of an application context.
	 * @param publisher where listeners are registered
	 */
	public LockyEventPublisher(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	/**
	 * Publishes an event. Never throws what a listener throws: it is logged.
	 * @param event the event
	 */
	public void publish(ApplicationEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.error("A listener failed on {}. The lock is not affected; mend the listener.", event, ex);
		}
	}

}
