package io.locky.event;

import java.beans.ConstructorProperties;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Published when a lock is granted, on the instance that acquired it. A locker that is
 * granted a lock again by {@link io.locky.LockRequest#reentrant()} causes no event.
 *
 * @since 0.9.0
 */
public sealed class LockAcquiredEvent extends LockyEvent permits LockTakenOverEvent {

	/**
	 * Creates the event.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that holds it now
	 * @param fence the fencing token of the grant
	 * @param occurredAt when it was granted
	 */
	public LockAcquiredEvent(Object source, String resource, String locker, long fence, Instant occurredAt) {
		this(source, resource, locker, fence, occurredAt, null);
	}

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that holds it now
	 * @param fence the fence of the grant
	 * @param occurredAt when it was granted
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public LockAcquiredEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "origin" })
	LockAcquiredEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
	}

}
