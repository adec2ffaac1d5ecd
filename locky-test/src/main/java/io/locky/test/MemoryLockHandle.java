package io.locky.test;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.locky.LockHandle;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.test.MemoryGrant.Owner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handle of one grant in memory. Like a handle on Redis, it knows its lease from its
 * last refresh: a takeover may go unnoticed until the next one.
 */
final class MemoryLockHandle implements LockHandle {

	private static final Logger logger = LoggerFactory.getLogger(MemoryLockHandle.class);

	private final MemoryEngine engine;

	private final String resource;

	private final String locker;

	private final long fence;

	private final long renewEvery;

	private final boolean inUse;

	private final Queue<Runnable> lostCallbacks = new ConcurrentLinkedQueue<>();

	/** Changed by the engine only, between other changes. */
	private volatile State state = State.HELD;

	/** Stays true when the lost handle is closed. */
	private volatile boolean lost;

	private volatile long leaseEnd;

	private volatile long nextRenewal;

	MemoryLockHandle(MemoryEngine engine, MemoryGrant grant, long renewEvery, boolean inUse) {
		this.engine = engine;
		this.resource = grant.resource();
		this.locker = grant.locker();
		this.fence = grant.fence();
		this.renewEvery = renewEvery;
		this.inUse = inUse;
		this.leaseEnd = grant.deadline();
		this.nextRenewal = engine.clock().millis() + renewEvery;
	}

	@Override
	public String resource() {
		return this.resource;
	}

	@Override
	public String locker() {
		return this.locker;
	}

	@Override
	public long fence() {
		return this.fence;
	}

	@Override
	public boolean isValid() {
		return this.state == State.HELD && this.engine.clock().millis() < this.leaseEnd;
	}

	@Override
	public boolean refresh() {
		return this.engine.run((effects) -> this.engine.refresh(this, effects) != null && this.state == State.HELD);
	}

	@Override
	public void onLost(Runnable callback) {
		this.lostCallbacks.add(callback);
		if (this.lost) {
			runLostCallbacks();
		}
	}

	@Override
	public boolean release() {
		return this.engine.run((effects) -> {
			State was = this.state;
			this.state = State.CLOSED;
			this.engine.forget(this);
			boolean released = was != State.CLOSED && this.engine.release(this.resource, owner(), effects);
			if (was == State.HELD && !released) {
				this.lost = true;
				this.engine.publishLoss(this, effects);
			}
			return released;
		});
	}

	@Override
	public void close() {
		this.engine.run((effects) -> {
			State was = this.state;
			this.state = State.CLOSED;
			this.engine.forget(this);
			return was != State.CLOSED && this.engine.release(this.resource, owner(), effects);
		});
	}

	Owner owner() {
		return new Owner("", this.fence);
	}

	boolean isInUse() {
		return this.inUse;
	}

	/** Whether an event says that the grant of this handle has ended. */
	boolean isEndedBy(LockyEvent event) {
		if (!event.getResource().equals(this.resource)) {
			return false;
		}
		if (event instanceof LockAcquiredEvent) {
			return event.getFence() > this.fence;
		}
		return (event instanceof LockReleasedEvent || event instanceof LockExpiredEvent)
				&& event.getFence() == this.fence;
	}

	/**
	 * Makes the handle invalid.
	 * @return whether it was held until now
	 */
	boolean markLost() {
		boolean held = this.state == State.HELD;
		if (held) {
			this.state = State.LOST;
			this.lost = true;
		}
		return held;
	}

	void runLostCallbacks() {
		for (Runnable callback = this.lostCallbacks.poll(); callback != null; callback = this.lostCallbacks.poll()) {
			try {
				callback.run();
			}
			catch (Throwable ex) {
				logger.error("A callback for the loss of {} failed", this, ex);
			}
		}
	}

	void extend(long deadline) {
		this.leaseEnd = deadline;
	}

	long nextRenewal() {
		return this.nextRenewal;
	}

	void renewedAt(long now) {
		this.nextRenewal = now + this.renewEvery;
	}

	@Override
	public String toString() {
		return "LockHandle[resource=%s, locker=%s, fence=%d, %s]".formatted(this.resource, this.locker, this.fence,
				this.state);
	}

	private enum State {

		HELD, LOST, CLOSED

	}

}
