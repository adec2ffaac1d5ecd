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
 * Has use for the locks of a call until the transaction around it is completed: what the
 * call has written can be read by the next holder only after the commit. Later calls in
 * the same transaction pass.
 */
final class TransactionBoundRelease implements TransactionSynchronization {

	private static final Logger logger = LoggerFactory.getLogger(TransactionBoundRelease.class);

	private final List<SharedLockHandle> holds;

	private final OnLost onLost;

	private TransactionBoundRelease(List<SharedLockHandle> holds, OnLost onLost) {
		this.holds = holds;
		this.onLost = onLost;
	}

	/**
	 * Keeps the locks of a call until the running transaction ends, if there is one.
	 * @param call the call, which has just got its locks
	 */
	static void keep(LockedInvocation call) {
		if (TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.isActualTransactionActive()) {
			List<SharedLockHandle> kept = call.holds().stream().filter(SharedLockHandle::retain).toList();
			TransactionSynchronizationManager.registerSynchronization(new TransactionBoundRelease(kept, call.onLost()));
			HeldLocks.enter(kept);
		}
	}

	/** After others, who may still rely on the lock. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	/**
	 * The last moment at which a lost lock can still prevent what was done without it.
	 */
	@Override
	public void beforeCommit(boolean readOnly) {
		if (this.onLost == OnLost.THROW) {
			this.holds.stream().filter((hold) -> !hold.isValid()).findFirst().ifPresent((hold) -> {
				throw new LockLostException(hold.handle());
			});
		}
	}

	@Override
	public void afterCompletion(int status) {
		HeldLocks.exit(this.holds);
		@Nullable LockLostException loss = LockedInvocation.releaseAll(this.holds, this.onLost);
		if (loss != null) {
			logger.warn("{}. The transaction is over", loss.getMessage());
		}
	}

}
