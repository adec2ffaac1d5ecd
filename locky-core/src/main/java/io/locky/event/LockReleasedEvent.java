package io.locky.event;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A lock was given back before its lease ended. Published on the instance that released
 * it.
 *
 * @since 0.1.0
 */
public final class LockReleasedEvent extends LockyEvent {

	/**
	 * Creates the event.
	 * @param source who publishes it
	 * @param resource what is locked
	 * @param locker who held it
	 * @param fence the fence of the grant that ended, or 0 if another client wrote the
	 * lock
	 * @param occurredAt when it was released
	 */
	public LockReleasedEvent(Object source, String resource, String locker, long fence, Instant occurredAt) {
		this(source, resource, locker, fence, occurredAt, null);
	}

	/**
	 * Creates the event, or a copy of it.
	 * @param source who publishes it
	 * @param resource what is locked
	 * @param locker who held it
	 * @param fence the fence of the grant that ended, or 0 if another client wrote the
	 * lock
	 * @param occurredAt when it was released
	 * @param origin the instance where it happened, or {@code null} if it was this one
	 */
	public LockReleasedEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
	}

}
