package io.locky.event;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The lease of a lock ended without a release. Told once in a fleet of instances that
 * share one Redis, on one of them, also when all of them were down at the deadline. Told
 * again only if an instance died, or took longer than
 * {@code locky.expiration.ack-timeout}, while telling it: let the listener tolerate that,
 * the {@linkplain #getFence() fence} tells a repetition.
 *
 * @since 0.1.0
 */
public final class LockExpiredEvent extends LockyEvent {

	/**
	 * Creates the event.
	 * @param source who publishes it
	 * @param resource what is locked
	 * @param locker who held it to the end
	 * @param fence the fence of the grant that ended
	 * @param occurredAt the deadline of the lease
	 */
	public LockExpiredEvent(Object source, String resource, String locker, long fence, Instant occurredAt) {
		this(source, resource, locker, fence, occurredAt, null);
	}

	/**
	 * Creates the event, or a copy of it.
	 * @param source who publishes it
	 * @param resource what is locked
	 * @param locker who held it to the end
	 * @param fence the fence of the grant that ended
	 * @param occurredAt the deadline of the lease
	 * @param origin the instance where it happened, or {@code null} if it was this one
	 */
	public LockExpiredEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
	}

}
