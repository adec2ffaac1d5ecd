package io.locky.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.locky.LockHandle;
import org.jspecify.annotations.Nullable;

/**
 * The locks that a call chain holds through annotations. Those of a thread are kept in a
 * thread-local, from the moment a call has its locks until it returns; those of a
 * reactive chain are kept in the Reactor context, under this class.
 *
 * @param locks the locks, outer ones first; each is listed once per use
 */
record HeldLocks(List<SharedLockHandle> locks) {

	private static final HeldLocks NONE = new HeldLocks(List.of());

	private static final ThreadLocal<HeldLocks> CURRENT = new ThreadLocal<>();

	/**
	 * The locks of the current thread.
	 * @return the locks, possibly none
	 */
	static HeldLocks current() {
		return Objects.requireNonNullElse(CURRENT.get(), NONE);
	}

	/**
	 * Adds locks to those of the current thread.
	 * @param added the locks
	 */
	static void enter(List<SharedLockHandle> added) {
		set(current().and(added));
	}

	/**
	 * Removes locks that were added before. A transaction that completes in another
	 * thread leaves its locks here; they are invalid by then, and the next call of this
	 * method removes them.
	 * @param added the locks
	 */
	static void exit(List<SharedLockHandle> added) {
		List<SharedLockHandle> left = new ArrayList<>(current().locks());
		added.forEach(left::remove);
		left.removeIf((lock) -> !lock.isValid());
		set(new HeldLocks(left));
	}

	private static void set(HeldLocks held) {
		if (held.locks().isEmpty()) {
			CURRENT.remove();
		}
		else {
			CURRENT.set(held);
		}
	}

	HeldLocks and(List<SharedLockHandle> more) {
		List<SharedLockHandle> all = new ArrayList<>(this.locks);
		all.addAll(more);
		return new HeldLocks(List.copyOf(all));
	}

	/**
	 * Finds the lock of a resource.
	 * @param resource the name of the resource
	 * @return the handle, or {@code null} if this call chain does not hold the lock
	 */
	@Nullable LockHandle find(String resource) {
		return this.locks.stream()
			.filter((lock) -> lock.handle().resource().equals(resource) && lock.isValid())
			.map(SharedLockHandle::handle)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Adds one more use of a lock that is already held.
	 * @param resource the name of the resource
	 * @param locker the locker that must hold it, or {@code null} for any
	 * @return the lock, or {@code null} if this call chain does not hold it
	 */
	@Nullable SharedLockHandle retain(String resource, @Nullable String locker) {
		return this.locks.stream()
			.filter((lock) -> lock.handle().resource().equals(resource))
			.filter((lock) -> locker == null || locker.equals(lock.handle().locker()))
			.filter(SharedLockHandle::retain)
			.findFirst()
			.orElse(null);
	}

}
