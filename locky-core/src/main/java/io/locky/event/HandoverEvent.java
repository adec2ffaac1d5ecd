package io.locky.event;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The base type of what happens to requests to hand over a lock. The locker of the event
 * is the holder that was asked, and the fence that of its grant.
 *
 * @since 0.9.0
 */
public abstract sealed class HandoverEvent extends LockyEvent
		permits HandoverRequestedEvent, HandoverAnsweredEvent, HandoverWithdrawnEvent {

	private final String request;

	private final String asker;

	private final @Nullable String note;

	private final Instant askedAt;

	private final @Nullable Instant claimableAt;

	HandoverEvent(Object source, String resource, String locker, long fence, Instant occurredAt, String request,
			String asker, @Nullable String note, Instant askedAt, @Nullable Instant claimableAt,
			@Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, origin);
		this.request = checked(request, "request");
		this.asker = checked(asker, "asker");
		this.note = note;
		this.askedAt = askedAt;
		this.claimableAt = claimableAt;
	}

	/** An event that is read back. */
	HandoverEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			String request, String asker, @Nullable String note, Instant askedAt, @Nullable Instant claimableAt,
			@Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
		this.request = checked(request, "request");
		this.asker = checked(asker, "asker");
		this.note = note;
		this.askedAt = askedAt;
		this.claimableAt = claimableAt;
	}

	private static String checked(String text, String what) {
		Assert.hasText(text, () -> "'" + what + "' must not be empty");
		return text;
	}

	/**
	 * The request.
	 * @return its id
	 */
	public String getRequest() {
		return this.request;
	}

	/**
	 * The locker that asks for the lock.
	 * @return its name
	 */
	public String getAsker() {
		return this.asker;
	}

	/**
	 * The text of the asker for the holder.
	 * @return the text, or {@code null} if there is none
	 */
	public @Nullable String getNote() {
		return this.note;
	}

	/**
	 * When the asker made the request, by the clock of the Redis server.
	 * @return the time
	 */
	public Instant getAskedAt() {
		return this.askedAt;
	}

	/**
	 * From when on the asker may claim the lock, by the clock of the Redis server.
	 * @return the time, or {@code null} if it may not
	 */
	public @Nullable Instant getClaimableAt() {
		return this.claimableAt;
	}

	/**
	 * Whether it is about a locker: the holder that was asked, or the asker.
	 * @param name the name of the locker
	 * @return whether it concerns the locker
	 */
	public boolean concerns(String name) {
		return name.equals(getLocker()) || name.equals(this.asker);
	}

}
