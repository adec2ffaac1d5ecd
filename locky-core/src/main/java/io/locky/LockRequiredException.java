package io.locky;

import org.jspecify.annotations.Nullable;

/**
 * The caller had to hold a lock and does not: nobody holds it, or the same locker holds
 * it with another grant than the caller's. Either way the caller is the one who can mend
 * that, by taking the lock. Where somebody else is in the way it is a
 * {@link ResourceLockedException}.
 *
 * @since 0.1.0
 */
public final class LockRequiredException extends RuntimeException {

	private final String resource;

	private final @Nullable LockInfo current;

	private LockRequiredException(String message, String resource, @Nullable LockInfo current) {
		super(message);
		this.resource = resource;
		this.current = current;
	}

	/**
	 * Nobody holds the lock.
	 * @param resource what had to be locked
	 * @return the exception
	 */
	public static LockRequiredException free(String resource) {
		return new LockRequiredException("'%s' must be locked for that, but nobody holds it".formatted(resource),
				resource, null);
	}

	/**
	 * The same locker holds the lock with another grant.
	 * @param current the lock as it is
	 * @param fence the fence of the grant that had to hold it
	 * @return the exception
	 */
	public static LockRequiredException otherGrant(LockInfo current, long fence) {
		return new LockRequiredException("'%s' is locked by '%s' with fence %d, not with %d: that grant has ended"
			.formatted(current.resource(), current.locker(), current.fence(), fence), current.resource(), current);
	}

	/**
	 * What had to be locked.
	 * @return the name of the resource
	 */
	public String getResource() {
		return this.resource;
	}

	/**
	 * The grant that the same locker holds the lock with.
	 * @return the lock as it stood then, or {@code null} if nobody held it
	 */
	public @Nullable LockInfo getCurrent() {
		return this.current;
	}

}
