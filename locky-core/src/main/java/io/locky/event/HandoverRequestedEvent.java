package io.locky.event;

import java.beans.ConstructorProperties;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Published when a locker asks the holder of a lock to hand it over, or changes the note
 * of its request, on the instance where it did so.
 *
 * @since 0.9.0
 */
public final class HandoverRequestedEvent extends HandoverEvent {

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that holds it
	 * @param fence the fence of its grant
	 * @param occurredAt when it asked
	 * @param request the id of the request
	 * @param asker the locker that asked
	 * @param note its text for the holder, or {@code null}
	 * @param askedAt when it asked
	 * @param claimableAt from when on it may claim the lock, or {@code null}
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public HandoverRequestedEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			String request, String asker, @Nullable String note, Instant askedAt, @Nullable Instant claimableAt,
			@Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, request, asker, note, askedAt, claimableAt, origin);
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "request", "asker", "note",
			"askedAt", "claimableAt", "origin" })
	HandoverRequestedEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			String request, String asker, @Nullable String note, Instant askedAt, @Nullable Instant claimableAt,
			@Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, request, asker, note, askedAt, claimableAt, origin);
	}

}
