package io.locky.annotation;

import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock that a call chain holds, and how many have use for it: the call that took it,
 * calls within that call, and the transaction around it. The last one gives it back, so
 * that work which outlives the outer call is not left without.
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
	 * Whether the lock can be relied on, as far as this instance knows.
	 * @return whether it is in use and not lost
	 */
	boolean isValid() {
		return this.uses.get() > 0 && this.handle.isValid();
	}

	/**
	 * Has use for the lock, too.
	 * @return false if it was given back already, or is lost
	 */
	boolean retain() {
		return this.handle.isValid() && this.uses.getAndUpdate((now) -> (now > 0) ? now + 1 : 0) > 0;
	}

	/**
	 * Has no more use for the lock.
	 * @return whether it was held until now. If Redis does not say, what the method has
	 * done counts
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
			logger.warn("{} could not be released and ends with its lease: {}", this.handle, ex.getMessage());
			return valid;
		}
	}

}
