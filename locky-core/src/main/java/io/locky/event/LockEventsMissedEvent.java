package io.locky.event;

import org.springframework.context.ApplicationEvent;

/**
 * Some events of other instances will never be told here: this instance did not hear of
 * them for longer than the log keeps them, or Redis lost them. Only published with
 * {@code locky.events.broadcast}. Whoever keeps a picture of the locks reads it anew.
 *
 * @since 0.1.0
 */
public final class LockEventsMissedEvent extends ApplicationEvent {

	/**
	 * Creates the event.
	 * @param source who publishes it
	 */
	public LockEventsMissedEvent(Object source) {
		super(source);
	}

}
