package io.locky;

import org.springframework.dao.OptimisticLockingFailureException;

/**
 * Thrown when a save is refused because of its fencing token: a later holder of the lock
 * has already saved, or the row to save does not exist. In a transaction it causes a
 * rollback.
 *
 * @since 0.9.0
 */
public class StaleFenceException extends OptimisticLockingFailureException {

	private final String resource;

	private final long fence;

	/**
	 * Creates the exception.
	 * @param resource the name of the resource that was not saved
	 * @param fence the fence of the grant under which it was to be saved
	 */
	public StaleFenceException(String resource, long fence) {
		super("'%s' was not saved with fence %d: a later holder of its lock has saved, or it does not exist"
			.formatted(resource, fence));
		this.resource = resource;
		this.fence = fence;
	}

	/**
	 * The resource that was not saved.
	 * @return its name
	 */
	public String getResource() {
		return this.resource;
	}

	/**
	 * The fence of the grant under which it was to be saved.
	 * @return the fence
	 */
	public long getFence() {
		return this.fence;
	}

}
