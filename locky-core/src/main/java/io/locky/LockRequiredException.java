package io.locky;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the caller must hold a lock and does not: nobody holds it, or the same
 * locker holds it with another grant, which has another fencing token. In both cases the
 * caller can fix that by acquiring the lock. If another locker holds it, a
 * {@link ResourceLockedException} is thrown instead.
 *
 * @since 0.9.0
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
	 * Creates the exception for a lock that nobody holds.
	 * @param resource the name of the resource that must be locked
	 * @return the exception
	 */
	public static LockRequiredException free(String resource) {
		return new LockRequiredException("'%s' must be locked for that, but nobody holds it".formatted(resource),
				resource, null);
	}

	/**
	 * Creates the exception for a lock that the same locker holds with another grant.
	 * @param current the lock as it is
	 * @param fence the fence of the grant that must hold it
	 * @return the exception
	 */
	public static LockRequiredException otherGrant(LockInfo current, long fence) {
		return new LockRequiredException("'%s' is locked by '%s' with fence %d, not with %d: that grant has ended"
			.formatted(current.resource(), current.locker(), current.fence(), fence), current.resource(), current);
	}

	/**
	 * The resource that must be locked.
	 * @return its name
	 */
	public String getResource() {
		return this.resource;
	}

	/**
	 * The lock as the same locker holds it, with another grant.
	 * @return the lock as it was then, or {@code null} if nobody held it
	 */
	public @Nullable LockInfo getCurrent() {
		return this.current;
	}

}
