package io.locky.event;

import java.beans.ConstructorProperties;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Published when a lock is granted although it was held, on the instance that took it
 * over.
 *
 * @since 0.9.0
 */
public final class LockTakenOverEvent extends LockAcquiredEvent {

	private final String previousLocker;

	/**
	 * Creates the event.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that holds it now
	 * @param fence the fencing token of the new grant
	 * @param occurredAt when it was taken over
	 * @param previousLocker the locker that held it before
	 */
	public LockTakenOverEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			String previousLocker) {
		this(source, resource, locker, fence, occurredAt, previousLocker, null);
	}

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that holds it now
	 * @param fence the fence of the new grant
	 * @param occurredAt when it was taken over
	 * @param previousLocker the locker that held it before
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public LockTakenOverEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			String previousLocker, @Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
		Assert.notNull(previousLocker, "'previousLocker' must not be null");
		this.previousLocker = previousLocker;
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "previousLocker", "origin" })
	LockTakenOverEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			String previousLocker, @Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
		Assert.notNull(previousLocker, "'previousLocker' must not be null");
		this.previousLocker = previousLocker;
	}

	/**
	 * The locker from which the lock was taken over. It may be the same locker, with an
	 * earlier grant.
	 * @return the locker that lost the lock
	 */
	public String getPreviousLocker() {
		return this.previousLocker;
	}

}
