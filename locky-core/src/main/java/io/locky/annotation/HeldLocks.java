package io.locky.annotation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.locky.LockHandle;
import org.jspecify.annotations.Nullable;

/**
 * The locks that a call chain holds through annotations. Those of a thread are kept in a
 * thread-local, from the moment a call has its locks until it returns; those of a
 * reactive chain are kept in the Reactor context, under this class.
 * <p>
 * A lock is kept once, with the number of its uses, so that a nested call costs the same
 * however many there were before.
 */
final class HeldLocks {

	private static final HeldLocks NONE = new HeldLocks();

	private static final ThreadLocal<HeldLocks> CURRENT = new ThreadLocal<>();

	private static final int FEW = 16;

	/** Usually one lock for a resource; more if an inner call took over an outer one. */
	private final Map<String, Entry> entries = new HashMap<>();

	/** Transactions whose locks may arrive from other threads. */
	private final List<TransactionBoundRelease> transactions = new ArrayList<>(0);

	private int removeInvalidAt = FEW;

	private HeldLocks() {
	}

	/**
	 * The locks of the current thread.
	 * @return the locks, possibly none, to be used in this thread only
	 */
	static HeldLocks current() {
		HeldLocks own = CURRENT.get();
		if (own == null) {
			return NONE;
		}
		for (TransactionBoundRelease transaction : own.transactions) {
			transaction.forEachArrival(own::add);
		}
		return own;
	}

	/**
	 * Adds locks to those of the current thread.
	 * @param added the locks
	 */
	static void enter(Iterable<SharedLockHandle> added) {
		HeldLocks own = ofThread();
		added.forEach(own::add);
	}

	/**
	 * Lets the current thread have the locks that other threads acquire for its
	 * transaction.
	 * @param transaction the transaction
	 */
	static void enter(TransactionBoundRelease transaction) {
		HeldLocks own = ofThread();
		if (!own.transactions.contains(transaction)) {
			own.transactions.add(transaction);
		}
	}

	private static HeldLocks ofThread() {
		HeldLocks own = CURRENT.get();
		if (own == null) {
			own = new HeldLocks();
			CURRENT.set(own);
		}
		return own;
	}

	/**
	 * Removes locks that were added before. A transaction that completes in another
	 * thread leaves its locks here; they are invalid by then, and are removed later.
	 * @param added the locks
	 */
	static void exit(Iterable<SharedLockHandle> added) {
		HeldLocks own = current();
		if (own != NONE) {
			added.forEach(own::remove);
			own.removeInvalid();
			own.transactions.removeIf(TransactionBoundRelease::isCompleted);
			if (own.entries.isEmpty() && own.transactions.isEmpty()) {
				CURRENT.remove();
			}
		}
	}

	/** Only once there are twice as many as before, so that it costs each call little. */
	private void removeInvalid() {
		if (this.entries.size() >= this.removeInvalidAt) {
			this.entries.values().removeIf((entry) -> !entry.isValid());
			this.removeInvalidAt = Math.max(FEW, 2 * this.entries.size());
		}
	}

	private void add(SharedLockHandle lock) {
		String resource = lock.handle().resource();
		Entry newest = this.entries.get(resource);
		Entry present = (newest != null) ? newest.of(lock) : null;
		if (present != null) {
			present.uses++;
		}
		else {
			this.entries.put(resource, new Entry(lock, newest));
		}
	}

	private void remove(SharedLockHandle lock) {
		this.entries.computeIfPresent(lock.handle().resource(), (resource, newest) -> newest.without(lock));
	}

	/**
	 * These locks, as they are now, and others.
	 * @param more the others
	 * @return all of them, for any thread
	 */
	HeldLocks and(Iterable<SharedLockHandle> more) {
		HeldLocks all = new HeldLocks();
		locks().forEach(all::add);
		more.forEach(all::add);
		return all;
	}

	/**
	 * All locks, each once.
	 * @return the locks
	 */
	List<SharedLockHandle> locks() {
		List<SharedLockHandle> locks = new ArrayList<>(this.entries.size());
		for (Entry newest : this.entries.values()) {
			for (Entry entry = newest; entry != null; entry = entry.older) {
				locks.add(entry.lock);
			}
		}
		return locks;
	}

	boolean isEmpty() {
		return this.entries.isEmpty();
	}

	/**
	 * Finds the lock of a resource.
	 * @param resource the name of the resource
	 * @return the handle, or {@code null} if this call chain does not hold the lock
	 */
	@Nullable LockHandle find(String resource) {
		for (Entry entry = this.entries.get(resource); entry != null; entry = entry.older) {
			if (entry.lock.isValid()) {
				return entry.lock.handle();
			}
		}
		return null;
	}

	/**
	 * Adds one more use of a lock that is already held.
	 * @param resource the name of the resource
	 * @param locker the locker that must hold it, or {@code null} for any
	 * @return the lock, or {@code null} if this call chain does not hold it
	 */
	@Nullable SharedLockHandle retain(String resource, @Nullable String locker) {
		for (Entry entry = this.entries.get(resource); entry != null; entry = entry.older) {
			if ((locker == null || locker.equals(entry.lock.handle().locker())) && entry.lock.retain()) {
				return entry.lock;
			}
		}
		return null;
	}

	/** A lock of a resource, with the number of its uses in this chain. */
	private static final class Entry {

		private final SharedLockHandle lock;

		private @Nullable Entry older;

		private int uses = 1;

		Entry(SharedLockHandle lock, @Nullable Entry older) {
			this.lock = lock;
			this.older = older;
		}

		@Nullable Entry of(SharedLockHandle wanted) {
			return (this.lock == wanted) ? this : (this.older != null) ? this.older.of(wanted) : null;
		}

		/** This entry and the older ones, with one use of the lock less. */
		@Nullable Entry without(SharedLockHandle ended) {
			if (this.lock == ended) {
				return (--this.uses > 0) ? this : this.older;
			}
			this.older = (this.older != null) ? this.older.without(ended) : null;
			return this;
		}

		boolean isValid() {
			return this.lock.isValid() || (this.older != null && this.older.isValid());
		}

	}

}
