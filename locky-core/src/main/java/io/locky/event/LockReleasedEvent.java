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

	private final boolean forced;

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
		this(source, resource, locker, fence, occurredAt, false, origin);
	}

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that held it
	 * @param fence the fence of the grant that ended, or 0 if another client wrote the
	 * lock
	 * @param occurredAt when it was released
	 * @param forced whether it was released without naming the locker or the fence
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public LockReleasedEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			boolean forced, @Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
		this.forced = forced;
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "forced", "origin" })
	LockReleasedEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			@Nullable Boolean forced, @Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
		this.forced = Boolean.TRUE.equals(forced);
	}

	/**
	 * Whether it was released by {@link io.locky.LockyOperations#unlock(Object)
	 * unlock(resource)}, which names neither the locker nor the fence.
	 * @return whether anyone may have released it
	 */
	public boolean isForced() {
		return this.forced;
	}

}
