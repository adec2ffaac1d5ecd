package io.locky.event;

import java.beans.ConstructorProperties;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Published when a free lock is offered to the first in its
 * {@linkplain io.locky.people.LockLine line}, on the instance that released the lock, or
 * noticed that it is free. The {@linkplain #getLocker() locker} is the one who alone may
 * acquire it now, and the fence is 0.
 *
 * @since 0.9.0
 */
public final class LockOfferedEvent extends LockyEvent {

	private final Instant offeredUntil;

	/**
	 * Creates the event.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker to whom it is offered
	 * @param occurredAt when it was offered
	 * @param offeredUntil when the offer ends
	 */
	public LockOfferedEvent(Object source, String resource, String locker, Instant occurredAt, Instant offeredUntil) {
		this(source, resource, locker, occurredAt, offeredUntil, null);
	}

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker to whom it is offered
	 * @param occurredAt when it was offered
	 * @param offeredUntil when the offer ends
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public LockOfferedEvent(Object source, String resource, String locker, Instant occurredAt, Instant offeredUntil,
			@Nullable String origin) {
		super(source, resource, locker, 0, occurredAt, origin);
		Assert.notNull(offeredUntil, "'offeredUntil' must not be null");
		this.offeredUntil = offeredUntil;
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "offeredUntil", "origin" })
	LockOfferedEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			Instant offeredUntil, @Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
		Assert.notNull(offeredUntil, "'offeredUntil' must not be null");
		this.offeredUntil = offeredUntil;
	}

	/**
	 * When the offer ends, by the clock of the Redis server. Who has not acquired the
	 * lock by then loses the place in the line, and the lock is offered to the next one.
	 * @return the end of the offer
	 */
	public Instant getOfferedUntil() {
		return this.offeredUntil;
	}

}
