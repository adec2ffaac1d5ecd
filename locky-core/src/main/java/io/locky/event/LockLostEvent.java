package io.locky.event;

import java.beans.ConstructorProperties;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Published when a handle is found to be lost: its lock was taken over or released by
 * others, its lease ran out, or the application stops. Published only on the instance
 * that has the handle.
 *
 * @since 0.9.0
 */
public final class LockLostEvent extends LockyEvent {

	/**
	 * Creates the event.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that held it
	 * @param fence the fencing token of the grant that has ended
	 * @param occurredAt when the loss was noticed, by the clock of Redis as far as this
	 * instance has seen it, which is right to within the round trip of the last renewal
	 */
	public LockLostEvent(Object source, String resource, String locker, long fence, Instant occurredAt) {
		super(source, resource, locker, fence, occurredAt, null);
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "origin" })
	LockLostEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
	}

}
