package io.locky.event;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A lock was granted although it was held: by force. Published on the instance that asked
 * for it.
 *
 * @since 0.1.0
 */
public final class LockTakenOverEvent extends LockAcquiredEvent {

	private final String previousLocker;

	/**
	 * Creates the event.
	 * @param source who publishes it
	 * @param resource what is locked
	 * @param locker who holds it now
	 * @param fence the fence of the new grant
	 * @param occurredAt when it was taken over
	 * @param previousLocker who held it before
	 */
	public LockTakenOverEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			String previousLocker) {
		this(source, resource, locker, fence, occurredAt, previousLocker, null);
	}

	/**
	 * Creates the event, or a copy of it.
	 * @param source who publishes it
	 * @param resource what is locked
	 * @param locker who holds it now
	 * @param fence the fence of the new grant
	 * @param occurredAt when it was taken over
	 * @param previousLocker who held it before
	 * @param origin the instance where it happened, or {@code null} if it was this one
	 */
	public LockTakenOverEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			String previousLocker, @Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
		Assert.notNull(previousLocker, "'previousLocker' must not be null");
		this.previousLocker = previousLocker;
	}

	/**
	 * From whom the lock was taken. May be the same locker, who took it from an earlier
	 * grant of her own.
	 * @return the locker who lost it
	 */
	public String getPreviousLocker() {
		return this.previousLocker;
	}

}
