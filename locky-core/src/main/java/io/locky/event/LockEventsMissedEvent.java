package io.locky.event;

import java.beans.ConstructorProperties;
import java.beans.Transient;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * Published when this instance has missed events of other instances and can no longer
 * read them: it had no connection for longer than the event log keeps them, or Redis lost
 * them. A listener that keeps a view of the locks must read them again. Only published
 * with {@code locky.events.broadcast}.
 *
 * @since 0.9.0
 */
public final class LockEventsMissedEvent extends ApplicationEvent {

	/**
	 * Creates the event.
	 * @param source the object that publishes it
	 */
	public LockEventsMissedEvent(Object source) {
		super(source);
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties("timestamp")
	LockEventsMissedEvent(@Nullable Long timestamp) {
		super(LockEventsMissedEvent.class, LockyEvent.clock(timestamp));
	}

	/**
	 * The object that published the event. It is not part of the JSON of an event.
	 * @return the object, or this class for an event that was read back
	 */
	@Override
	@Transient
	public Object getSource() {
		return (this.source != null) ? this.source : LockEventsMissedEvent.class;
	}

}
