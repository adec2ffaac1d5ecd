package io.locky.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.locky.LockHandle;
import org.jspecify.annotations.Nullable;

/**
 * The locks that a call chain holds by annotation. That of the running thread is known to
 * the thread, from when a call has its locks until it returns; that of a reactive one is
 * in the Reactor context, under this class.
 *
 * @param holds the locks, outer ones first; one is there as often as it is in use
 */
record HeldLocks(List<SharedLockHandle> holds) {

	private static final HeldLocks NONE = new HeldLocks(List.of());

	private static final ThreadLocal<HeldLocks> CURRENT = new ThreadLocal<>();

	/**
	 * The locks of the running call chain.
	 * @return what is held, perhaps nothing
	 */
	static HeldLocks current() {
		return Objects.requireNonNullElse(CURRENT.get(), NONE);
	}

	/**
	 * Adds locks to those of the running thread.
	 * @param entered the locks
	 */
	static void enter(List<SharedLockHandle> entered) {
		set(current().and(entered));
	}

	/**
	 * Takes away what was entered. A transaction that ends in another thread leaves its
	 * locks here, but they are invalid then, and go with the next ones.
	 * @param entered the locks
	 */
	static void exit(List<SharedLockHandle> entered) {
		List<SharedLockHandle> left = new ArrayList<>(current().holds());
		entered.forEach(left::remove);
		left.removeIf((hold) -> !hold.isValid());
		set(new HeldLocks(left));
	}

	private static void set(HeldLocks locks) {
		if (locks.holds().isEmpty()) {
			CURRENT.remove();
		}
		else {
			CURRENT.set(locks);
		}
	}

	HeldLocks and(List<SharedLockHandle> more) {
		List<SharedLockHandle> all = new ArrayList<>(this.holds);
		all.addAll(more);
		return new HeldLocks(List.copyOf(all));
	}

	/**
	 * The lock of a resource.
	 * @param resource the name of the resource
	 * @return the grant, or {@code null} if this call chain does not hold it
	 */
	@Nullable LockHandle find(String resource) {
		return this.holds.stream()
			.filter((hold) -> hold.handle().resource().equals(resource) && hold.isValid())
			.map(SharedLockHandle::handle)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Has use for a lock that is held already.
	 * @param resource the name of the resource
	 * @param locker who must hold it, or {@code null} if that does not matter
	 * @return the lock, or {@code null} if this call chain does not hold it
	 */
	@Nullable SharedLockHandle retain(String resource, @Nullable String locker) {
		return this.holds.stream()
			.filter((hold) -> hold.handle().resource().equals(resource))
			.filter((hold) -> locker == null || locker.equals(hold.handle().locker()))
			.filter(SharedLockHandle::retain)
			.findFirst()
			.orElse(null);
	}

}
