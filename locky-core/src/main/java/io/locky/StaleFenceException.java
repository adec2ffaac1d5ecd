package io.locky;

import org.springframework.dao.OptimisticLockingFailureException;

/**
 * A save was refused because a later grant of the lock has saved already, or because
 * there is nothing to save to. Thrown in a transaction, it has that rolled back.
 *
 * @since 0.1.0
 */
public class StaleFenceException extends OptimisticLockingFailureException {

	private final String resource;

	private final long fence;

	/**
	 * Creates the exception.
	 * @param resource what was to be saved
	 * @param fence the fence of the grant that wanted to save it
	 */
	public StaleFenceException(String resource, long fence) {
		super("'%s' was not saved with fence %d: a later holder of its lock has saved, or it does not exist"
			.formatted(resource, fence));
		this.resource = resource;
		this.fence = fence;
	}

	/**
	 * What was to be saved.
	 * @return the name of the resource
	 */
	public String getResource() {
		return this.resource;
	}

	/**
	 * The grant that wanted to save it.
	 * @return its fence
	 */
	public long getFence() {
		return this.fence;
	}

}
