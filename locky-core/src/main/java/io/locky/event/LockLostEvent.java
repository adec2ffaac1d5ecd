package io.locky.event;

import java.time.Instant;

/**
 * A handle of this instance turned out to be gone: its lock was taken over or released by
 * others, or its lease ran out. Published on the instance that has the handle.
 *
 * @since 0.1.0
 */
public final class LockLostEvent extends LockyEvent {

	/**
	 * Creates the event.
	 * @param source who publishes it
	 * @param resource what was locked
	 * @param locker who held it
	 * @param fence the fence of the grant that is gone
	 * @param occurredAt when it was noticed, by the clock of this instance
	 */
	public LockLostEvent(Object source, String resource, String locker, long fence, Instant occurredAt) {
		super(source, resource, locker, fence, occurredAt, null);
	}

}
