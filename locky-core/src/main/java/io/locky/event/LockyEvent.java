package io.locky.event;

import java.beans.Transient;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.util.Assert;

/**
 * The base type of what happens to locks. A listener of this type receives all such
 * events.
 * <p>
 * Jackson can write each event as JSON, without its {@linkplain #getSource() source}, and
 * read it back as an object of the same class.
 *
 * @since 0.9.0
 */
public abstract sealed class LockyEvent extends ApplicationEvent
		permits LockAcquiredEvent, LockReleasedEvent, LockExpiredEvent, LockLostEvent, LockAttentionEvent,
		HandoverEvent, PresenceChangedEvent, LockOfferedEvent, LineChangedEvent {

	private final String resource;

	private final String locker;

	private final long fence;

	private final Instant occurredAt;

	private final @Nullable String origin;

	LockyEvent(Object source, String resource, String locker, long fence, Instant occurredAt, @Nullable String origin) {
		this(source, Clock.systemUTC(), resource, locker, fence, occurredAt, origin);
	}

	/** An event that is read back. */
	LockyEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		this(LockyEvent.class, clock(timestamp), resource, locker, fence, occurredAt, origin);
	}

	private LockyEvent(Object source, Clock clock, String resource, String locker, long fence, Instant occurredAt,
			@Nullable String origin) {
		super(source, clock);
		Assert.hasText(resource, "'resource' must not be empty");
		Assert.notNull(locker, "'locker' must not be null");
		Assert.notNull(occurredAt, "'occurredAt' must not be null");
		this.resource = resource;
		this.locker = locker;
		this.fence = fence;
		this.occurredAt = occurredAt;
		this.origin = origin;
	}

	static Clock clock(@Nullable Long timestamp) {
		return (timestamp != null) ? Clock.fixed(Instant.ofEpochMilli(timestamp), ZoneOffset.UTC) : Clock.systemUTC();
	}

	/**
	 * The object that published the event. It is not part of the JSON of an event.
	 * @return the object, or the class {@link LockyEvent} for an event that was read back
	 */
	@Override
	@Transient
	public Object getSource() {
		return (this.source != null) ? this.source : LockyEvent.class;
	}

	/**
	 * The resource of the lock.
	 * @return its name
	 */
	public String getResource() {
		return this.resource;
	}

	/**
	 * The locker that the event is about: it holds the lock or held it, or is in its
	 * line.
	 * @return its name
	 */
	public String getLocker() {
		return this.locker;
	}

	/**
	 * The fencing token of the grant, which rises with every grant of a resource.
	 * @return the fence, or 0 if another client wrote the lock, or if the event is about
	 * a line
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
	 * once across all instances belongs where this is {@code false}. In the JSON of an
	 * event, only the {@linkplain #getOrigin() origin} says so.
	 * @return whether this is the copy of an event of another instance
	 */
	@Transient
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
