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
 * A call that has its locks, until it ends.
 */
final class LockedInvocation {

	private static final Logger logger = LoggerFactory.getLogger(LockedInvocation.class);

	private final List<SharedLockHandle> holds;

	private final OnLost onLost;

	private final AtomicBoolean ended = new AtomicBoolean();

	LockedInvocation(List<SharedLockHandle> holds, OnLost onLost) {
		this.holds = holds;
		this.onLost = onLost;
	}

	List<SharedLockHandle> holds() {
		return this.holds;
	}

	OnLost onLost() {
		return this.onLost;
	}

	/**
	 * Runs the method, and lets it and what it calls in this thread know their locks.
	 * @param invocation the method
	 * @param chain the locks of the call chain, with those of this call
	 * @return what it returns
	 * @throws Throwable what it throws
	 */
	static @Nullable Object proceed(MethodInvocation invocation, List<SharedLockHandle> chain) throws Throwable {
		HeldLocks.enter(chain);
		try {
			return invocation.proceed();
		}
		finally {
			HeldLocks.exit(chain);
		}
	}

	/**
	 * Gives the locks back that nobody else has use for. Only the first time.
	 * @return what to throw because a lock was lost, or {@code null}
	 */
	@Nullable LockLostException end() {
		return this.ended.compareAndSet(false, true) ? releaseAll(this.holds, this.onLost) : null;
	}

	/**
	 * Gives locks back, the last one first.
	 * @param holds the locks, in the order in which they were taken
	 * @param onLost what to do if one was lost
	 * @return what to throw because a lock was lost, or {@code null}
	 */
	static @Nullable LockLostException releaseAll(List<SharedLockHandle> holds, OnLost onLost) {
		LockHandle lost = null;
		for (int i = holds.size() - 1; i >= 0; i--) {
			if (!holds.get(i).release()) {
				lost = holds.get(i).handle();
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

	/**
	 * Ends with a failure, which goes on.
	 * @param failure what the method has thrown
	 */
	void end(Throwable failure) {
		LockLostException loss = end();
		if (loss != null) {
			failure.addSuppressed(loss);
		}
	}

}
