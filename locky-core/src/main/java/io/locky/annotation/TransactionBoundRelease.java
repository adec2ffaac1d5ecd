package io.locky.annotation;

import java.util.List;

import io.locky.LockLostException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Keeps the locks of a call until the transaction around it completes, because the next
 * holder can read what the call wrote only after the commit. Later calls in the same
 * transaction reuse the locks.
 */
final class TransactionBoundRelease implements TransactionSynchronization {

	private static final Logger logger = LoggerFactory.getLogger(TransactionBoundRelease.class);

	private final List<SharedLockHandle> locks;

	private final OnLost onLost;

	private TransactionBoundRelease(List<SharedLockHandle> locks, OnLost onLost) {
		this.locks = locks;
		this.onLost = onLost;
	}

	/**
	 * Keeps the locks of a call until the running transaction completes, if there is one.
	 * @param call the call, which has just acquired its locks
	 */
	static void register(LockedInvocation call) {
		if (TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.isActualTransactionActive()) {
			List<SharedLockHandle> kept = call.locks().stream().filter(SharedLockHandle::retain).toList();
			TransactionSynchronizationManager.registerSynchronization(new TransactionBoundRelease(kept, call.onLost()));
			HeldLocks.enter(kept);
		}
	}

	/** After other synchronizations, which may still rely on the lock. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	/**
	 * Fails the commit if a lock is lost: the last moment at which work that was done
	 * without the lock can still be rolled back.
	 */
	@Override
	public void beforeCommit(boolean readOnly) {
		if (this.onLost == OnLost.THROW) {
			this.locks.stream().filter((lock) -> !lock.isValid()).findFirst().ifPresent((lock) -> {
				throw new LockLostException(lock.handle());
			});
		}
	}

	@Override
	public void afterCompletion(int status) {
		HeldLocks.exit(this.locks);
		@Nullable LockLostException loss = LockedInvocation.releaseAll(this.locks, this.onLost);
		if (loss != null) {
			logger.warn("{}. The transaction has already completed", loss.getMessage());
		}
	}

}
