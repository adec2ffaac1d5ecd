package io.locky.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.event.LockyEvent;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;

/**
 * Remembers the events of locks in their order. It is a listener in an application
 * context, and where there is none the publisher of {@link InMemoryLocks}. Thread-safe.
 *
 * @since 0.9.0
 */
public final class RecordedLockEvents implements ApplicationListener<LockyEvent>, ApplicationEventPublisher {

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

	@Override
	public void onApplicationEvent(LockyEvent event) {
		this.events.add(event);
	}

	@Override
	public void publishEvent(Object event) {
		if (event instanceof LockyEvent lockEvent) {
			this.events.add(lockEvent);
		}
	}

	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	@Override
	public String toString() {
		return this.events.toString();
	}

}
