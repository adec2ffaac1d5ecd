package io.locky.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.event.LockyEvent;

import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Remembers the events of locks in their order. A bean of this type is a listener.
 * Thread-safe.
 *
 * @since 0.9.0
 */
public final class RecordedLockEvents implements ApplicationListener<LockyEvent>, Ordered {

	private final List<LockyEvent> events = new CopyOnWriteArrayList<>();

	/**
	 * Creates a recorder without events.
	 */
	public RecordedLockEvents() {
	}

	/**
	 * All events so far.
	 * @return the events, in the order in which they were published
	 */
	public List<LockyEvent> all() {
		return List.copyOf(this.events);
	}

	/**
	 * The events of a type so far.
	 * @param <T> the type
	 * @param type the type; one that extends it belongs to it
	 * @return the events, in the order in which they were published
	 */
	public <T extends LockyEvent> List<T> of(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	/**
	 * Forgets all events.
	 */
	public void clear() {
		this.events.clear();
	}

	/**
	 * Remembers an event, if it is one of a lock. {@code events::record} is a publisher
	 * for {@link InMemoryLocks} outside of an application context.
	 * @param event the event
	 */
	public void record(Object event) {
		if (event instanceof LockyEvent lockEvent) {
			this.events.add(lockEvent);
		}
	}

	@Override
	public void onApplicationEvent(LockyEvent event) {
		record(event);
	}

	/** Before other listeners, which may throw, or cause further events. */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public String toString() {
		return this.events.toString();
	}

}
