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

	private final long previousFence;

	private final @Nullable String note;

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
		this(source, resource, locker, fence, occurredAt, previousLocker, 0, null, origin);
	}

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that holds it now
	 * @param fence the fence of the new grant
	 * @param occurredAt when it was taken over
	 * @param previousLocker the locker that held it before
	 * @param previousFence the fence of its grant, or 0 if it is not known
	 * @param note the note of the new grant, or {@code null}
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public LockTakenOverEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			String previousLocker, long previousFence, @Nullable String note, @Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
		Assert.notNull(previousLocker, "'previousLocker' must not be null");
		this.previousLocker = previousLocker;
		this.previousFence = previousFence;
		this.note = note;
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "previousLocker",
			"previousFence", "note", "origin" })
	LockTakenOverEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			String previousLocker, @Nullable Long previousFence, @Nullable String note, @Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
		Assert.notNull(previousLocker, "'previousLocker' must not be null");
		this.previousLocker = previousLocker;
		this.previousFence = (previousFence != null) ? previousFence : 0;
		this.note = note;
	}

	/**
	 * The locker from which the lock was taken over. It may be the same locker, with an
	 * earlier grant.
	 * @return the locker that lost the lock
	 */
	public String getPreviousLocker() {
		return this.previousLocker;
	}

	/**
	 * The fence of the grant that was replaced.
	 * @return the fence, or 0 if it is not known: another client wrote the lock, the
	 * answer of Redis got lost, or it happened on another instance
	 */
	public long getPreviousFence() {
		return this.previousFence;
	}

	/**
	 * Why the lock was taken over, as its request says.
	 * @return the note of the new grant, or {@code null} if it has none or it happened on
	 * another instance
	 */
	public @Nullable String getNote() {
		return this.note;
	}

}
