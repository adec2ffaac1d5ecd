package io.locky;

/**
 * Thrown when a lock is needed that is already held, usually by another locker.
 *
 * @since 0.9.0
 */
public class ResourceLockedException extends RuntimeException {

	private final LockInfo lock;

	/**
	 * Creates the exception.
	 * @param lock the lock that blocks the caller
	 */
	public ResourceLockedException(LockInfo lock) {
		super("'%s' is locked by '%s'".formatted(lock.resource(), lock.locker()));
		this.lock = lock;
	}

	/**
	 * Creates the exception with a message that says more.
	 * @param lock the lock that blocks the caller
	 * @param message what happened
	 */
	public ResourceLockedException(LockInfo lock, String message) {
		super(message);
		this.lock = lock;
	}

	/**
	 * The resource that is locked.
	 * @return its name
	 */
	public String getResource() {
		return this.lock.resource();
	}

	/**
	 * The lock that blocked the caller, as it was then.
	 * @return the lock with its holder, its start and the rest of its lease
	 */
	public LockInfo getLock() {
		return this.lock;
	}

}
