package io.locky.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock of a call chain, with the number of its uses: by the call that acquired it, by
 * calls within that call, and by the transaction around it. The last use to end releases
 * it, so that work which outlives the outer call keeps its lock.
 */
final class SharedLockHandle {

	private static final Logger logger = LoggerFactory.getLogger(SharedLockHandle.class);

	private final LockHandle handle;

	private final AtomicInteger uses = new AtomicInteger(1);

	SharedLockHandle(LockHandle handle) {
		this.handle = handle;
	}

	LockHandle handle() {
		return this.handle;
	}

	/**
	 * Whether the lock is in use and, as far as this instance can see, not lost.
	 * @return whether the lock can be relied on
	 */
	boolean isValid() {
		return this.uses.get() > 0 && this.handle.isValid();
	}

	/**
	 * Adds one more use of the lock.
	 * @return false if it was released already, or is lost
	 */
	boolean retain() {
		return this.handle.isValid() && this.uses.getAndUpdate((now) -> (now > 0) ? now + 1 : 0) > 0;
	}

	/**
	 * Ends one use of the lock, if there are others. It does not call Redis.
	 * @return false if this is the last use, which is still to be ended
	 */
	boolean releaseUnlessLast() {
		return this.uses.getAndUpdate((now) -> (now > 1) ? now - 1 : now) > 1;
	}

	/**
	 * Ends one use of the lock, and releases it after the last one.
	 * @return whether the lock was held until now. If Redis does not answer, the last
	 * known state is returned, so that the result of the method is not thrown away
	 */
	boolean release() {
		boolean valid = this.handle.isValid();
		if (this.uses.decrementAndGet() > 0) {
			return valid;
		}
		try {
			return this.handle.release() && valid;
		}
		catch (RuntimeException ex) {
			return endWithLease(valid, ex);
		}
	}

	/**
	 * Ends one use of the lock as {@link #release()} does, without the calling thread.
	 * @param blocking runs the release of a handle that blocks
	 * @return the future of the result
	 */
	CompletableFuture<Boolean> releaseAsync(Executor blocking) {
		if (!(this.handle instanceof AsyncLockHandle async)) {
			return CompletableFuture.supplyAsync(this::release, blocking);
		}
		boolean valid = this.handle.isValid();
		if (this.uses.decrementAndGet() > 0) {
			return CompletableFuture.completedFuture(valid);
		}
		return async.releaseAsync()
			.handle((held, failure) -> (failure != null) ? endWithLease(valid, failure)
					: valid && Boolean.TRUE.equals(held));
	}

	private boolean endWithLease(boolean valid, Throwable failure) {
		logger.warn("{} could not be released and ends with its lease: {}", this.handle, failure.getMessage());
		return valid;
	}

}
