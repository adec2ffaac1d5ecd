package io.locky.event;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A lock was granted. Published on the instance that asked for it.
 *
 * @since 0.1.0
 */
public sealed class LockAcquiredEvent extends LockyEvent permits LockTakenOverEvent {

	/**
	 * Creates the event.
	 * @param source who publishes it
	 * @param resource what is locked
	 * @param locker who holds it now
	 * @param fence the fence of the grant
	 * @param occurredAt when it was granted
	 */
	public LockAcquiredEvent(Object source, String resource, String locker, long fence, Instant occurredAt) {
		this(source, resource, locker, fence, occurredAt, null);
	}

	/**
	 * Creates the event, or a copy of it.
	 * @param source who publishes it
	 * @param resource what is locked
	 * @param locker who holds it now
	 * @param fence the fence of the grant
	 * @param occurredAt when it was granted
	 * @param origin the instance where it happened, or {@code null} if it was this one
	 */
	public LockAcquiredEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
	}

}
