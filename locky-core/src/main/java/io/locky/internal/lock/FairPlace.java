package io.locky.internal.lock;

import java.time.Duration;

import io.locky.LockRequest;
import io.locky.internal.lock.AcquireReply.Granted;
import io.locky.internal.lock.LockCommands.Waiting;
import io.locky.internal.people.FairLine;
import io.locky.people.LinePlace;

/**
 * The place of a fair request, in the line of people. While the lock is held, it only
 * keeps its place; it attempts to acquire the lock when that is offered to it.
 */
final class FairPlace implements WaitingPlace {

	private static final Duration AT_ONCE = Duration.ofNanos(1);

	private final FairLine line;

	private final LockRequest request;

	/** Receives the message that it is its turn. */
	private final LocalWaiters.Place local;

	private boolean mayBeInLine;

	private boolean closed;

	FairPlace(FairLine line, LockRequest request, LocalWaiters.Place local) {
		this.line = line;
		this.request = request;
		this.local = local;
	}

	@Override
	public Waiting attempt(boolean stays) {
		return Waiting.NONE;
	}

	@Override
	public synchronized Duration answered(AcquireReply reply, Duration rest) {
		if (reply instanceof Granted) {
			this.mayBeInLine = false;
			return Duration.ZERO;
		}
		if (rest.isZero() || this.closed) {
			return Duration.ZERO;
		}
		this.mayBeInLine = true;
		LinePlace place = this.line.join(this.request.resource(), this.request.locker(), this.local.listen());
		if (place.offeredFor() != null) {
			return AT_ONCE;
		}
		Duration interval = this.line.interval();
		return (interval.compareTo(rest) < 0) ? interval : rest;
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		this.local.close();
		if (this.mayBeInLine) {
			this.mayBeInLine = false;
			this.line.leaveLater(this.request.resource(), this.request.locker(), this.local.waiter());
		}
	}

}
