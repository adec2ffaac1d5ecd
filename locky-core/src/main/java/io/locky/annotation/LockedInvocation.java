package io.locky.annotation;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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
	 * Requires that all locks are held. Their attempts may have been answered after the
	 * end of a lease, or a lock was lost while the call waited for another one, or for a
	 * thread.
	 * @throws LockLostException if one is lost
	 */
	void requireValid() {
		for (SharedLockHandle lock : this.locks) {
			if (!lock.handle().isValid()) {
				throw new LockLostException(lock.handle());
			}
		}
	}

	/**
	 * Runs the method, with locks among those of the current thread. Every method starts
	 * here, and none without all its locks.
	 * @param invocation the method
	 * @param chain the locks of the call and of the chain around it
	 * @return the result of the method
	 * @throws LockLostException if a lock of the call is lost already
	 * @throws Throwable what the method throws
	 */
	@Nullable Object proceed(MethodInvocation invocation, Iterable<SharedLockHandle> chain) throws Throwable {
		HeldLocks.enter(chain);
		try {
			requireValid();
			return invocation.proceed();
		}
		finally {
			HeldLocks.exit(chain);
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
		addTo(failure, end());
	}

	static void addTo(Throwable failure, @Nullable LockLostException loss) {
		if (loss != null && !(failure instanceof LockLostException)) {
			failure.addSuppressed(loss);
		}
	}

	/**
	 * Ends this call's use of its locks as {@link #end()} does, without the calling
	 * thread.
	 * @param blocking runs what blocks
	 * @return completed with the exception to throw because a lock was lost, or
	 * {@code null}
	 */
	CompletableFuture<@Nullable LockLostException> endAsync(Executor blocking) {
		return this.ended.compareAndSet(false, true) ? releaseAllAsync(this.locks, this.onLost, blocking)
				: CompletableFuture.completedFuture(null);
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
		return (lost != null) ? loss(lost, onLost) : null;
	}

	/**
	 * Releases locks as {@link #releaseAll} does, without the calling thread.
	 * @param locks the locks, in the order in which they were acquired
	 * @param onLost what to do if one was lost
	 * @param blocking runs what blocks
	 * @return completed with the exception to throw because a lock was lost, or
	 * {@code null}
	 */
	static CompletableFuture<@Nullable LockLostException> releaseAllAsync(List<SharedLockHandle> locks, OnLost onLost,
			Executor blocking) {
		CompletableFuture<@Nullable LockHandle> released = CompletableFuture.completedFuture(null);
		for (int i = locks.size() - 1; i >= 0; i--) {
			SharedLockHandle lock = locks.get(i);
			released = released.thenCompose((lost) -> lock.releaseAsync(blocking)
				.<@Nullable LockHandle>thenApply((held) -> held ? lost : lock.handle()));
		}
		return released.thenApply((lost) -> (lost != null) ? loss(lost, onLost) : null);
	}

	private static @Nullable LockLostException loss(LockHandle lost, OnLost onLost) {
		LockLostException loss = new LockLostException(lost);
		if (onLost == OnLost.THROW) {
			return loss;
		}
		logger.warn(loss.getMessage());
		return null;
	}

}
