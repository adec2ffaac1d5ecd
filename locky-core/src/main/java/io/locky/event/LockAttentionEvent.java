package io.locky.event;

import java.beans.ConstructorProperties;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Published when the holder of a lock becomes idle, or active again, as its client
 * reports it with its heartbeats: on the instance that received the first such heartbeat.
 * The lock stays held. A new grant is active, without an event of its own.
 *
 * @since 0.9.0
 */
public final class LockAttentionEvent extends LockyEvent {

	private final @Nullable Instant idleSince;

	/**
	 * Creates the event.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that holds it
	 * @param fence the fencing token of the grant
	 * @param occurredAt when it was reported
	 * @param idleSince since when the holder is idle, or {@code null} if it is active
	 */
	public LockAttentionEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			@Nullable Instant idleSince) {
		this(source, resource, locker, fence, occurredAt, idleSince, null);
	}

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that holds it
	 * @param fence the fence of the grant
	 * @param occurredAt when it was reported
	 * @param idleSince since when the holder is idle, or {@code null} if it is active
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public LockAttentionEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			@Nullable Instant idleSince, @Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
		this.idleSince = idleSince;
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "idleSince", "origin" })
	LockAttentionEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			@Nullable Instant idleSince, @Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
		this.idleSince = idleSince;
	}

	/**
	 * Since when the holder is idle, by the clock of the Redis server.
	 * @return the time, or {@code null} if the holder is active again
	 */
	public @Nullable Instant getIdleSince() {
		return this.idleSince;
	}

}
