package io.locky.annotation;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.locky.LockHandle;
import io.locky.LockLostException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that holds its locks, until it ends.
 */
final class LockedInvocation {

	private static final Logger logger = LoggerFactory.getLogger(LockedInvocation.class);

	private final List<SharedLockHandle> locks;

	private final OnLost onLost;

	private final AtomicBoolean ended = new AtomicBoolean();

	LockedInvocation(List<SharedLockHandle> locks, OnLost onLost) {
		this.locks = locks;
		this.onLost = onLost;
	}

	List<SharedLockHandle> locks() {
		return this.locks;
	}

	OnLost onLost() {
		return this.onLost;
	}

	/**
	 * Runs the method, with its locks among those of the current thread.
	 * @param invocation the method
	 * @param locks the locks to add to those of the thread
	 * @return the result of the method
	 * @throws Throwable what the method throws
	 */
	static @Nullable Object proceed(MethodInvocation invocation, List<SharedLockHandle> locks) throws Throwable {
		HeldLocks.enter(locks);
		try {
			return invocation.proceed();
		}
		finally {
			HeldLocks.exit(locks);
		}
	}

	/**
	 * Ends this call's use of its locks. Only the first call has an effect.
	 * @return the exception to throw because a lock was lost, or {@code null}
	 */
	@Nullable LockLostException end() {
		return this.ended.compareAndSet(false, true) ? releaseAll(this.locks, this.onLost) : null;
	}

	/**
	 * Ends this call's use of its locks after the method failed. A lost lock is added to
	 * the failure as suppressed.
	 * @param failure the exception of the method
	 */
	void end(Throwable failure) {
		LockLostException loss = end();
		if (loss != null) {
			failure.addSuppressed(loss);
		}
	}

	/**
	 * Releases locks in reverse order, each if this was its last use.
	 * @param locks the locks, in the order in which they were acquired
	 * @param onLost what to do if one was lost
	 * @return the exception to throw because a lock was lost, or {@code null}
	 */
	static @Nullable LockLostException releaseAll(List<SharedLockHandle> locks, OnLost onLost) {
		LockHandle lost = null;
		for (int i = locks.size() - 1; i >= 0; i--) {
			if (!locks.get(i).release()) {
				lost = locks.get(i).handle();
			}
		}
		if (lost == null) {
			return null;
		}
		LockLostException loss = new LockLostException(lost);
		if (onLost == OnLost.THROW) {
			return loss;
		}
		logger.warn(loss.getMessage());
		return null;
	}

}
