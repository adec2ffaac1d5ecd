package io.locky.internal.lock;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

import io.locky.LockHandle;
import io.locky.LockRefresh;
import io.locky.internal.redis.Exchange;
import io.locky.metrics.LockyMetrics.LossReason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handle of one grant. It refreshes and releases the lock by the fencing token of the
 * grant.
 */
public final class FencedLockHandle implements LockHandle {

	private static final Logger logger = LoggerFactory.getLogger(FencedLockHandle.class);

	private final LockHandles handles;

	private final String resource;

	private final String locker;

	private final long fence;

	private final AtomicReference<State> state = new AtomicReference<>(State.HELD);

	/** Stays true when the lost handle is closed. */
	private volatile boolean lost;

	private final Queue<Runnable> lostCallbacks = new ConcurrentLinkedQueue<>();

	private volatile Lease lease;

	FencedLockHandle(LockHandles handles, String resource, String locker, long fence, Lease lease) {
		this.handles = handles;
		this.resource = resource;
		this.locker = locker;
		this.fence = fence;
		this.lease = lease;
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
		return isHeld() && !isPast(this.handles.clock().nanoTime());
	}

	@Override
	public boolean refresh() {
		return this.handles.leases().run(refreshing());
	}

	/**
	 * Resets the TTL.
	 * @return whether this grant still holds the lock
	 */
	public Exchange<Boolean> refreshing() {
		long sent = this.handles.clock().nanoTime();
		return this.handles.leases().refreshUpToTwice(lock()).map((reply) -> {
			this.handles.clock().set(this.resource, reply.refreshedAt(), sent);
			return isHeld() && refreshed(sent, reply.lock());
		});
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
		return this.handles.leases().run(releasing());
	}

	/**
	 * Releases the lock.
	 * @return whether this grant held the lock to the end
	 */
	public Exchange<Boolean> releasing() {
		State was = this.state.getAndSet(State.CLOSED);
		if (was == State.CLOSED) {
			return Exchange.of(false);
		}
		return releaseGrant().map((released) -> {
			if (was == State.HELD && !released) {
				this.lost = true;
				this.handles.lost(this, LossReason.GONE);
			}
			return released;
		});
	}

	@Override
	public void close() {
		this.handles.leases().run(closing());
	}

	/**
	 * Releases the lock and ends its renewal.
	 * @return false if this grant had ended, or the handle was closed before
	 */
	public Exchange<Boolean> closing() {
		return (this.state.getAndSet(State.CLOSED) != State.CLOSED) ? releaseGrant() : Exchange.of(false);
	}

	private Exchange<Boolean> releaseGrant() {
		this.handles.beginRelease(this);
		return Exchange.begin(() -> this.handles.leases().release(lock())).atEnd(this.handles::endRelease);
	}

	/**
	 * Applies the reply to a refresh. Several may be on their way: that to an earlier one
	 * changes nothing if it comes after that to a later one, unless the grant has ended,
	 * which is for good.
	 * @param sent when the refresh was sent: the lease counts from there, so that it
	 * never ends later here than in Redis
	 * @param reply the reply of Redis
	 * @return whether this grant still holds the lock
	 */
	boolean refreshed(long sent, LockRefresh reply) {
		if (!reply.held()) {
			markLost(LossReason.GONE);
			return false;
		}
		extend(Lease.of(sent, reply.expiresIn()));
		return true;
	}

	private synchronized void extend(Lease next) {
		if (next.sent() - this.lease.sent() >= 0) {
			this.lease = next;
		}
	}

	/**
	 * Makes the handle invalid, and then publishes the loss.
	 * @param reason why it is lost
	 * @return whether it was held until now
	 */
	boolean markLost(LossReason reason) {
		boolean held = this.state.compareAndSet(State.HELD, State.LOST);
		if (held) {
			this.lost = true;
			this.handles.lost(this, reason);
		}
		return held;
	}

	void runLostCallbacks() {
		Runnable callback = this.lostCallbacks.poll();
		while (callback != null) {
			run(callback);
			callback = this.lostCallbacks.poll();
		}
	}

	private void run(Runnable callback) {
		try {
			callback.run();
		}
		catch (Throwable ex) {
			logger.error("A callback for the loss of {} failed", this, ex);
		}
	}

	/**
	 * Closes the handle without a command to Redis. The caller releases many locks with
	 * one command.
	 * @return whether the lock is still to be released
	 */
	boolean markClosed() {
		return this.state.getAndSet(State.CLOSED) != State.CLOSED;
	}

	boolean isHeld() {
		return this.state.get() == State.HELD;
	}

	boolean isPast(long nanoTime) {
		return nanosUntilPast(nanoTime) <= 0;
	}

	/** The rest of the lease; very long if it does not end. */
	long nanosUntilPast(long nanoTime) {
		Long until = this.lease.until();
		return (until != null) ? until - nanoTime : Long.MAX_VALUE;
	}

	OwnedLock lock() {
		return OwnedLock.byFence(this.resource, this.fence);
	}

	@Override
	public String toString() {
		return "LockHandle[resource=%s, locker=%s, fence=%d, %s]".formatted(this.resource, this.locker, this.fence,
				this.state.get());
	}

	/**
	 * A lease by the clock of the handles.
	 *
	 * @param sent when the command that Redis answered was sent
	 * @param until when the lease ends, or {@code null} if it does not
	 */
	record Lease(long sent, @Nullable Long until) {

		static Lease of(long sent, @Nullable Duration expiresIn) {
			return new Lease(sent, (expiresIn != null) ? sent + expiresIn.toNanos() : null);
		}

	}

	private enum State {

		HELD, LOST, CLOSED

	}

}
