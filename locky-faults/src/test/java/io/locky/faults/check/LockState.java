package io.locky.faults.check;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A lock as it may be at some place in an order of calls.
 *
 * @param holder who holds it, or {@code null} if it is free
 * @param fence the fence of the grant, or 0 if no answer has named it yet
 * @param ttlNanos the length of its lease, or 0 if it has no end
 * @param unanswered whether its grant had no answer: the library may release it
 * @param earliest when the lease began, or the lock became free, at the earliest
 * @param latest when the lease began at the latest
 */
record LockState(@Nullable String holder, long fence, long ttlNanos, boolean unanswered, long earliest, long latest) {

	/** Earlier or later than all times of a history, and far enough from an overflow. */
	static final long EVER = Long.MAX_VALUE / 4;

	static final LockState FIRST = new LockState(null, 0, 0, false, -EVER, EVER);

	boolean isFree() {
		return this.holder == null;
	}

	/** The lock once it was given back, or its lease was over. */
	LockState freed(long earliestEnd) {
		return new LockState(null, 0, 0, false, Math.max(earliestEnd, this.earliest), EVER);
	}

	/** When the lease is over at the earliest. */
	long end() {
		return (this.ttlNanos > 0) ? this.earliest + this.ttlNanos : EVER;
	}

	LockState withFence(long known) {
		return new LockState(this.holder, known, this.ttlNanos, this.unanswered, this.earliest, this.latest);
	}

	/** The lock after a refresh, whose lease stays unknown if it was. */
	LockState refreshed(long ttl, long called, long now) {
		if (this.latest == EVER) {
			return this;
		}
		return new LockState(this.holder, this.fence, ttl, this.unanswered, Math.max(called, this.earliest), now);
	}

	/** Whether only the times differ. */
	boolean isLike(LockState other) {
		return Objects.equals(this.holder, other.holder) && this.fence == other.fence && this.ttlNanos == other.ttlNanos
				&& this.unanswered == other.unanswered;
	}

	boolean spans(LockState other) {
		return this.earliest <= other.earliest && this.latest >= other.latest;
	}

	/** A state from which all is possible that is possible from either. */
	LockState or(LockState other) {
		return new LockState(this.holder, this.fence, this.ttlNanos, this.unanswered,
				Math.min(this.earliest, other.earliest), Math.max(this.latest, other.latest));
	}

	@Override
	public String toString() {
		return isFree() ? "free" : "held by " + this.holder + ((this.fence != 0) ? " under " + this.fence : "")
				+ ((this.ttlNanos > 0 && this.earliest > -EVER) ? " until %.3f".formatted(end() / 1e6) : "");
	}

}
