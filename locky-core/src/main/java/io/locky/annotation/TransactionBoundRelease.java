package io.locky.annotation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import io.locky.LockLostException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Keeps locks until the transaction around their calls completes, because the next holder
 * can read what a call wrote only after the commit. Later calls in the same transaction
 * reuse the locks.
 */
final class TransactionBoundRelease {

	private static final Logger logger = LoggerFactory.getLogger(TransactionBoundRelease.class);

	/** Binds the one object of a transaction to its thread. */
	private static final Object KEY = TransactionBoundRelease.class;

	private final Map<SharedLockHandle, OnLost> locks = new LinkedHashMap<>();

	/** Acquired in other threads, and not seen by that of the transaction yet. */
	private final Queue<SharedLockHandle> arrivals = new ConcurrentLinkedQueue<>();

	private boolean completed;

	private TransactionBoundRelease() {
	}

	/**
	 * The locks of the transaction that runs in the current thread.
	 * @return its locks, or {@code null} if there is no transaction
	 */
	static @Nullable TransactionBoundRelease current() {
		if (!TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive()) {
			return null;
		}
		TransactionBoundRelease bound = (TransactionBoundRelease) TransactionSynchronizationManager.getResource(KEY);
		if (bound == null) {
			bound = new TransactionBoundRelease();
			TransactionSynchronizationManager.registerSynchronization(new Completion(bound));
			TransactionSynchronizationManager.bindResource(KEY, bound);
		}
		return bound;
	}

	/**
	 * Keeps the locks of a call until the running transaction completes, if there is one.
	 * @param call the call, which has just acquired its locks
	 */
	static void register(LockedInvocation call) {
		TransactionBoundRelease transaction = current();
		if (transaction != null) {
			HeldLocks.enter(transaction.keep(call));
		}
	}

	/**
	 * Keeps the locks of a call that were acquired in another thread, unless the
	 * transaction has completed.
	 * @param call the call
	 */
	void keepFromOtherThread(LockedInvocation call) {
		this.arrivals.addAll(keep(call));
	}

	/** Returns the locks that were not kept before. */
	private synchronized List<SharedLockHandle> keep(LockedInvocation call) {
		List<SharedLockHandle> added = new ArrayList<>();
		for (SharedLockHandle lock : call.locks()) {
			OnLost present = this.locks.get(lock);
			if (present == null && !this.completed && lock.retain()) {
				this.locks.put(lock, call.onLost());
				added.add(lock);
			}
			else if (present != null && call.onLost() == OnLost.THROW) {
				this.locks.put(lock, OnLost.THROW);
			}
		}
		return added;
	}

	/**
	 * Consumes the locks that other threads have acquired since the last call.
	 * @param action receives them
	 */
	void forEachArrival(Consumer<SharedLockHandle> action) {
		for (SharedLockHandle lock = this.arrivals.poll(); lock != null; lock = this.arrivals.poll()) {
			action.accept(lock);
		}
	}

	synchronized boolean isCompleted() {
		return this.completed;
	}

	private synchronized void requireValid() {
		this.locks.forEach((lock, onLost) -> {
			if (onLost == OnLost.THROW && !lock.isValid()) {
				throw new LockLostException(lock.handle());
			}
		});
	}

	private synchronized List<SharedLockHandle> complete() {
		this.completed = true;
		return List.copyOf(this.locks.keySet());
	}

	private void release() {
		List<SharedLockHandle> kept = complete();
		HeldLocks.exit(kept);
		LockLostException loss = LockedInvocation.releaseAll(kept, OnLost.THROW);
		if (loss != null) {
			logger.warn("{}. The transaction has already completed", loss.getMessage());
		}
	}

	/**
	 * Releases after all other synchronizations, because a listener of the commit still
	 * relies on the lock. Those of the lowest precedence run in the order in which they
	 * were registered; so this one moves to the end as late as possible.
	 */
	private static final class Completion implements TransactionSynchronization {

		private final TransactionBoundRelease transaction;

		private boolean moved;

		Completion(TransactionBoundRelease transaction) {
			this.transaction = transaction;
		}

		@Override
		public int getOrder() {
			return Ordered.LOWEST_PRECEDENCE;
		}

		@Override
		public void suspend() {
			TransactionSynchronizationManager.unbindResourceIfPossible(KEY);
		}

		@Override
		public void resume() {
			if (!TransactionSynchronizationManager.hasResource(KEY)) {
				TransactionSynchronizationManager.bindResource(KEY, this.transaction);
			}
		}

		/**
		 * Fails the commit if a lock is lost: the last moment at which work that was done
		 * without the lock can still be rolled back.
		 */
		@Override
		public void beforeCommit(boolean readOnly) {
			this.transaction.requireValid();
		}

		@Override
		public void beforeCompletion() {
			TransactionSynchronizationManager.unbindResourceIfPossible(KEY);
			moveToTheEnd();
		}

		@Override
		public void afterCommit() {
			moveToTheEnd();
		}

		private void moveToTheEnd() {
			if (!this.moved) {
				this.moved = true;
				TransactionSynchronizationManager.registerSynchronization(new Completion(this.transaction));
			}
		}

		@Override
		public void afterCompletion(int status) {
			if (!this.moved) {
				this.transaction.release();
			}
		}

	}

}
