package io.locky.event;

import java.beans.ConstructorProperties;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Published when a lock is released before its lease ends, on the instance that released
 * it.
 *
 * @since 0.9.0
 */
public final class LockReleasedEvent extends LockyEvent {

	/**
	 * Creates the event.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that held it
	 * @param fence the fencing token of the grant that ended, or 0 if another client
	 * wrote the lock
	 * @param occurredAt when it was released
	 */
	public LockReleasedEvent(Object source, String resource, String locker, long fence, Instant occurredAt) {
		this(source, resource, locker, fence, occurredAt, null);
	}

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that held it
	 * @param fence the fence of the grant that ended, or 0 if another client wrote the
	 * lock
	 * @param occurredAt when it was released
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public LockReleasedEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "origin" })
	LockReleasedEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
	}

}
