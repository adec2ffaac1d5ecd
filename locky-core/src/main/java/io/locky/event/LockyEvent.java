package io.locky.event;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.util.Assert;

/**
 * Something that happened to a lock. Listen to this type to see everything.
 *
 * @since 0.1.0
 */
public abstract sealed class LockyEvent extends ApplicationEvent
		permits LockAcquiredEvent, LockReleasedEvent, LockExpiredEvent, LockLostEvent {

	private final String resource;

	private final String locker;

	private final long fence;

	private final Instant occurredAt;

	private final @Nullable String origin;

	LockyEvent(Object source, String resource, String locker, long fence, Instant occurredAt, @Nullable String origin) {
		super(source);
		Assert.hasText(resource, "'resource' must not be empty");
		Assert.notNull(locker, "'locker' must not be null");
		Assert.notNull(occurredAt, "'occurredAt' must not be null");
		this.resource = resource;
		this.locker = locker;
		this.fence = fence;
		this.occurredAt = occurredAt;
		this.origin = origin;
	}

	/**
	 * What is locked.
	 * @return the name of the resource
	 */
	public String getResource() {
		return this.resource;
	}

	/**
	 * Whose lock it is, or was.
	 * @return the locker
	 */
	public String getLocker() {
		return this.locker;
	}

	/**
	 * The number of the grant. It rises with every grant of a resource.
	 * @return the fence, or 0 if the lock was written by a client that knows no fences
	 */
	public long getFence() {
		return this.fence;
	}

	/**
	 * When it happened by the clock of the Redis server, in milliseconds. The time at
	 * which this instance was told is {@link #getTimestamp()}.
	 * @return the time
	 */
	public Instant getOccurredAt() {
		return this.occurredAt;
	}

	/**
	 * Whether it happened on another instance, which has published it too. Always
	 * {@code false} unless {@code locky.events.broadcast} is set. What must be done once
	 * in the fleet is done where this is {@code false}.
	 * @return whether this is a copy
	 */
	public boolean isRemote() {
		return this.origin != null;
	}

	/**
	 * On which instance it happened, by the name that this one has in
	 * {@code locky.events.instance}.
	 * @return the name of the other instance, or {@code null} if it was this one
	 */
	public @Nullable String getOrigin() {
		return this.origin;
	}

	@Override
	public String toString() {
		return "%s[resource=%s, locker=%s, fence=%d, occurredAt=%s]".formatted(getClass().getSimpleName(),
				this.resource, this.locker, this.fence, this.occurredAt);
	}

}
