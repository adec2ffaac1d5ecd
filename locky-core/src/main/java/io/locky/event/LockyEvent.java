package io.locky.event;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.util.Assert;

/**
 * The base type of what happens to locks. A listener of this type receives all such
 * events.
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
	 * The resource of the lock.
	 * @return its name
	 */
	public String getResource() {
		return this.resource;
	}

	/**
	 * The locker that holds the lock, or held it.
	 * @return its name
	 */
	public String getLocker() {
		return this.locker;
	}

	/**
	 * The fencing token of the grant, which rises with every grant of a resource.
	 * @return the fence, or 0 if another client wrote the lock
	 */
	public long getFence() {
		return this.fence;
	}

	/**
	 * When it happened, by the clock of the Redis server and in whole milliseconds. Of a
	 * {@link LockLostEvent} it is when the loss was noticed. The time at which this
	 * instance published the event is {@link #getTimestamp()}.
	 * @return the time
	 */
	public Instant getOccurredAt() {
		return this.occurredAt;
	}

	/**
	 * Whether it happened on another instance, which has published it too. Always
	 * {@code false} unless {@code locky.events.broadcast} is set. Work that must be done
	 * once across all instances belongs where this is {@code false}.
	 * @return whether this is the copy of an event of another instance
	 */
	public boolean isRemote() {
		return this.origin != null;
	}

	/**
	 * The instance where it happened, by its {@code locky.events.instance}.
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
