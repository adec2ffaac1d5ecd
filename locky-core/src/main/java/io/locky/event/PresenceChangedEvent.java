package io.locky.event;

import java.beans.ConstructorProperties;
import java.time.Instant;

import io.locky.people.PresenceState;
import org.jspecify.annotations.Nullable;

/**
 * Published when somebody begins or ends to look at a resource, or does something else
 * with it now. The {@linkplain #getLocker() locker} is that person, who need not hold the
 * lock, and the fence is 0.
 * <p>
 * It is for display. The end of a lease that nobody notices is not published: see
 * {@link io.locky.people.LockPresence LockPresence}.
 *
 * @since 0.9.0
 */
public final class PresenceChangedEvent extends LockyEvent {

	private final @Nullable PresenceState state;

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param person who is looking at it, or was
	 * @param occurredAt when it changed
	 * @param state what the person does now, or {@code null} if they left
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public PresenceChangedEvent(Object source, String resource, String person, Instant occurredAt,
			@Nullable PresenceState state, @Nullable String origin) {
		super(source, resource, person, 0, occurredAt, origin);
		this.state = state;
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "state", "origin" })
	PresenceChangedEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			@Nullable PresenceState state, @Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
		this.state = state;
	}

	/**
	 * What the person does now.
	 * @return the state, or {@code null} if the person left, or their lease has ended
	 */
	public @Nullable PresenceState getState() {
		return this.state;
	}

	@Override
	public String toString() {
		return "PresenceChangedEvent[resource=%s, locker=%s, state=%s, occurredAt=%s]".formatted(getResource(),
				getLocker(), this.state, getOccurredAt());
	}

}
