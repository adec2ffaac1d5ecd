package io.locky;

/**
 * A lock was needed and somebody else holds it.
 *
 * @since 0.1.0
 */
public class ResourceLockedException extends RuntimeException {

	private final LockInfo lock;

	/**
	 * Creates the exception.
	 * @param lock the lock that was in the way
	 */
	public ResourceLockedException(LockInfo lock) {
		super("'%s' is locked by '%s'".formatted(lock.resource(), lock.locker()));
		this.lock = lock;
	}

	/**
	 * What is locked.
	 * @return the name of the resource
	 */
	public String getResource() {
		return this.lock.resource();
	}

	/**
	 * The lock that was in the way, as it stood then.
	 * @return who holds it, since when and for how long
	 */
	public LockInfo getLock() {
		return this.lock;
	}

}
