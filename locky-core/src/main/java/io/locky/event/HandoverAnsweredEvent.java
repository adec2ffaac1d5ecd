package io.locky.event;

import java.beans.ConstructorProperties;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Published when the holder of a lock answers a request to hand it over, on the instance
 * where it did so. With the answer {@link Decision#NOW} a {@link LockTakenOverEvent} is
 * published too, in any order.
 *
 * @since 0.9.0
 */
public final class HandoverAnsweredEvent extends HandoverEvent {

	private final Decision decision;

	private final @Nullable String reason;

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that held it and answered
	 * @param fence the fence of its grant
	 * @param occurredAt when it answered
	 * @param request the id of the request
	 * @param asker the locker that asked
	 * @param note the text of the asker for the holder, or {@code null}
	 * @param askedAt when it asked
	 * @param claimableAt from when on the asker may claim the lock, or {@code null}
	 * @param decision what the holder answered
	 * @param reason why it keeps the lock, or {@code null}
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public HandoverAnsweredEvent(Object source, String resource, String locker, long fence, Instant occurredAt,
			String request, String asker, @Nullable String note, Instant askedAt, @Nullable Instant claimableAt,
			Decision decision, @Nullable String reason, @Nullable String origin) {
		super(source, resource, locker, fence, occurredAt, request, asker, note, askedAt, claimableAt, origin);
		Assert.notNull(decision, "'decision' must not be null");
		this.decision = decision;
		this.reason = reason;
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "request", "asker", "note",
			"askedAt", "claimableAt", "decision", "reason", "origin" })
	HandoverAnsweredEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			String request, String asker, @Nullable String note, Instant askedAt, @Nullable Instant claimableAt,
			Decision decision, @Nullable String reason, @Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, request, asker, note, askedAt, claimableAt, origin);
		Assert.notNull(decision, "'decision' must not be null");
		this.decision = decision;
		this.reason = reason;
	}

	/**
	 * What the holder answered.
	 * @return the decision
	 */
	public Decision getDecision() {
		return this.decision;
	}

	/**
	 * Why the holder keeps the lock.
	 * @return the text, or {@code null} if there is none
	 */
	public @Nullable String getReason() {
		return this.reason;
	}

	/**
	 * What a holder decides.
	 */
	public enum Decision {

		/** The lock changes hands now. */
		NOW,

		/** The asker may claim it later. */
		LATER,

		/** The holder keeps it. */
		NO

	}

}
