package io.locky.event;

import java.beans.ConstructorProperties;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Published when somebody has joined or left the {@linkplain io.locky.people.LockLine
 * line} for a lock, on the instance where it happened. The {@linkplain #getLocker()
 * locker} is the one who came or went, and the fence is 0. It is also published for a
 * place that has ended, by its lease or with its offer, when that is noticed. Who
 * acquires the lock leaves the line with a {@link LockAcquiredEvent} only.
 *
 * @since 0.9.0
 */
public final class LineChangedEvent extends LockyEvent {

	private final boolean joined;

	private final int length;

	/**
	 * Creates the event.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that came or went
	 * @param occurredAt when it happened
	 * @param joined whether it came
	 * @param length how many are in the line since then
	 */
	public LineChangedEvent(Object source, String resource, String locker, Instant occurredAt, boolean joined,
			int length) {
		this(source, resource, locker, occurredAt, joined, length, null);
	}

	/**
	 * Creates the event, or the copy of an event of another instance.
	 * @param source the object that publishes it
	 * @param resource the name of the resource
	 * @param locker the locker that came or went
	 * @param occurredAt when it happened
	 * @param joined whether it came
	 * @param length how many are in the line since then
	 * @param origin the name of the instance where it happened, or {@code null} if it was
	 * this one
	 */
	public LineChangedEvent(Object source, String resource, String locker, Instant occurredAt, boolean joined,
			int length, @Nullable String origin) {
		super(source, resource, locker, 0, occurredAt, origin);
		this.joined = joined;
		this.length = length;
	}

	/** An event that Jackson reads back. */
	@ConstructorProperties({ "timestamp", "resource", "locker", "fence", "occurredAt", "joined", "length", "origin" })
	LineChangedEvent(@Nullable Long timestamp, String resource, String locker, long fence, Instant occurredAt,
			boolean joined, int length, @Nullable String origin) {
		super(timestamp, resource, locker, fence, occurredAt, origin);
		this.joined = joined;
		this.length = length;
	}

	/**
	 * Whether the locker has joined the line.
	 * @return false if it has left it
	 */
	public boolean isJoined() {
		return this.joined;
	}

	/**
	 * How many are in the line since then.
	 * @return the number of places
	 */
	public int getLength() {
		return this.length;
	}

}
