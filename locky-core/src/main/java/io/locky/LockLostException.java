package io.locky;

/**
 * Work was done under a lock that did not hold to its end: it was taken over or released
 * by others, or its lease ran out. Somebody else may have done the same work meanwhile.
 *
 * @since 0.1.0
 */
public class LockLostException extends RuntimeException {

	private final String resource;

	private final String locker;

	private final long fence;

	/**
	 * Creates the exception.
	 * @param handle the handle of the grant that was lost
	 */
	public LockLostException(LockHandle handle) {
		super("'%s' was lost while '%s' held it (fence %d): another may have got it meanwhile"
			.formatted(handle.resource(), handle.locker(), handle.fence()));
		this.resource = handle.resource();
		this.locker = handle.locker();
		this.fence = handle.fence();
	}

	/**
	 * What was locked.
	 * @return the name of the resource
	 */
	public String getResource() {
		return this.resource;
	}

	/**
	 * Who held it.
	 * @return the locker
	 */
	public String getLocker() {
		return this.locker;
	}

	/**
	 * The grant that was lost. What was written under it has this number.
	 * @return the fence
	 */
	public long getFence() {
		return this.fence;
	}

}
