package io.locky.internal.event;

import java.util.function.Consumer;

import io.locky.event.LockyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes lock events, and keeps the exceptions of listeners away from the caller:
 * Redis has already granted or ended the lock, whatever a listener does.
 */
public final class LockyEventPublisher {

	private static final Logger logger = LoggerFactory.getLogger(LockyEventPublisher.class);

	private final ApplicationEventPublisher publisher;

	private final Consumer<LockyEvent> first;

	/**
	 * Creates a publisher on top of an application context.
	 * @param publisher publishes to the listeners of the application
	 */
	public LockyEventPublisher(ApplicationEventPublisher publisher) {
		this(publisher, (event) -> {
		});
	}

	/**
	 * Creates a publisher on top of an application context.
	 * @param publisher publishes to the listeners of the application
	 * @param first a listener of Locky itself, called before them; it must not block
	 */
	public LockyEventPublisher(ApplicationEventPublisher publisher, Consumer<LockyEvent> first) {
		this.publisher = publisher;
		this.first = first;
	}

	/**
	 * Publishes an event. An exception of a listener is logged, never thrown.
	 * @param event the event
	 */
	public void publish(ApplicationEvent event) {
		try {
			if (event instanceof LockyEvent lockEvent) {
				this.first.accept(lockEvent);
			}
		}
		catch (Throwable ex) {
			logger.error("Locky could not handle {}. The listeners of the application get it.", event, ex);
		}
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.error("A listener failed on {}. The lock is not affected; fix the listener.", event, ex);
		}
	}

}
