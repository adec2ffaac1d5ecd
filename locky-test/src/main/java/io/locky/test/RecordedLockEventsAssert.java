package io.locky.test;

import io.locky.LockNames;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockLostEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.ListAssert;

/**
 * Assertions on events. In memory, an event was published when the call that caused it
 * has returned; expiries and losses in Redis are published a little later.
 *
 * @since 0.9.0
 */
public final class RecordedLockEventsAssert extends AbstractAssert<RecordedLockEventsAssert, RecordedLockEvents> {

	RecordedLockEventsAssert(RecordedLockEvents actual) {
		super(actual, RecordedLockEventsAssert.class);
	}

	/**
	 * Asserts that a lock was acquired, free or taken over.
	 * @param resource the resource: text, a number, a UUID or an enum constant
	 * @param locker the locker that acquired it
	 * @return these assertions
	 */
	public RecordedLockEventsAssert hasAcquired(Object resource, Object locker) {
		return has(LockAcquiredEvent.class, resource, locker);
	}

	/**
	 * Asserts that a lock was taken over.
	 * @param resource the resource: text, a number, a UUID or an enum constant
	 * @param locker the locker that took it over
	 * @param previousLocker the locker that held it before
	 * @return these assertions
	 */
	public RecordedLockEventsAssert hasTakenOver(Object resource, Object locker, Object previousLocker) {
		has(LockTakenOverEvent.class, resource, locker);
		String previous = LockNames.locker(previousLocker);
		boolean found = this.actual.of(LockTakenOverEvent.class)
			.stream()
			.anyMatch((event) -> isOf(event, resource, locker) && event.getPreviousLocker().equals(previous));
		if (!found) {
			throw failure("Expected '%s' to be taken over from '%s', but the events are %s", resource, previous,
					this.actual.all());
		}
		return this;
	}

	/**
	 * Asserts that a lock was released.
	 * @param resource the resource: text, a number, a UUID or an enum constant
	 * @param locker the locker that held it
	 * @return these assertions
	 */
	public RecordedLockEventsAssert hasReleased(Object resource, Object locker) {
		return has(LockReleasedEvent.class, resource, locker);
	}

	/**
	 * Asserts that the lease of a lock ended.
	 * @param resource the resource: text, a number, a UUID or an enum constant
	 * @param locker the locker that held it to the end
	 * @return these assertions
	 */
	public RecordedLockEventsAssert hasExpired(Object resource, Object locker) {
		return has(LockExpiredEvent.class, resource, locker);
	}

	/**
	 * Asserts that a handle was found to be lost.
	 * @param resource the resource: text, a number, a UUID or an enum constant
	 * @param locker the locker of the handle
	 * @return these assertions
	 */
	public RecordedLockEventsAssert hasLost(Object resource, Object locker) {
		return has(LockLostEvent.class, resource, locker);
	}

	/**
	 * Asserts that no event was published.
	 * @return these assertions
	 */
	public RecordedLockEventsAssert isEmpty() {
		all().isEmpty();
		return this;
	}

	/**
	 * All events, for the assertions of AssertJ on lists.
	 * @return assertions on the list
	 */
	public ListAssert<LockyEvent> all() {
		isNotNull();
		return new ListAssert<>(this.actual.all());
	}

	private RecordedLockEventsAssert has(Class<? extends LockyEvent> type, Object resource, Object locker) {
		isNotNull();
		if (this.actual.of(type).stream().noneMatch((event) -> isOf(event, resource, locker))) {
			throw failure("Expected a %s of '%s' by '%s', but the events are %s", type.getSimpleName(), resource,
					locker, this.actual.all());
		}
		return this;
	}

	private static boolean isOf(LockyEvent event, Object resource, Object locker) {
		return event.getResource().equals(LockNames.resource(resource))
				&& event.getLocker().equals(LockNames.locker(locker));
	}

}
