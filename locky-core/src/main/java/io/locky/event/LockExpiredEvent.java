package io.locky.event;

import java.beans.ConstructorProperties;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Published when the lease of a lock ends without a release: once across all instances
 * that share one Redis, on one of them, also if all of them were down at the deadline. It
 * is published again only if the instance does not acknowledge it within
 * {@code locky.expiration.ack-timeout}, for example because it died, a listener took too
 * long, or its transaction was rolled back. A listener must tolerate that; the repeated
 * event has the same {@linkplain #getFence() fence}.
 *
 * @since 0.9.0
 */
public final class LockExpiredEvent extends LockyEvent {

	/**
	 * Creates the event.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that held it to the end
	 * @param fence the fencing token of the grant that ended
	 * @param occurredAt the deadline of the lease
	 */
	public LockExpiredEvent(Object source, String resource, String locker, long fence, Instant occurredAt) {
		this(source, resource, locker, fence, occurredAt, null);
	}

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that held it to the end
	 * @param fence the fence of the grant that ended
	 * @param occurredAt the deadline of the lease
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public LockExpiredEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "origin" })
	LockExpiredEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
	}

}
