package io.locky;

/**
 * A lock was needed and somebody else holds it.
 *
 * @since 0.1.0
 */
public class ResourceLockedException extends RuntimeException {

	private final LockInfo holder;

	/**
	 * Creates the exception.
	 * @param holder the lock that was in the way
	 */
	public ResourceLockedException(LockInfo holder) {
		super("'%s' is locked by '%s'".formatted(holder.resource(), holder.locker()));
		this.holder = holder;
	}

	/**
	 * What is locked.
	 * @return the name of the resource
	 */
	public String getResource() {
		return this.holder.resource();
	}

	/**
	 * The lock that was in the way, as it stood then.
	 * @return who holds it, since when and for how long
	 */
	public LockInfo getHolder() {
		return this.holder;
	}

}
