package io.locky;

/**
 * Thrown when a lock was lost before the work under it was done: it was taken over or
 * released by others, or its lease ran out. Another holder may have done the same work
 * meanwhile.
 *
 * @since 0.9.0
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
		super("'%s' was lost while '%s' held it (fence %d): another locker may have acquired it meanwhile"
			.formatted(handle.resource(), handle.locker(), handle.fence()));
		this.resource = handle.resource();
		this.locker = handle.locker();
		this.fence = handle.fence();
	}

	/**
	 * The resource that was locked.
	 * @return its name
	 */
	public String getResource() {
		return this.resource;
	}

	/**
	 * The locker that held it.
	 * @return its name
	 */
	public String getLocker() {
		return this.locker;
	}

	/**
	 * The fencing token of the grant that was lost. What was written under it has this
	 * number.
	 * @return the fence
	 */
	public long getFence() {
		return this.fence;
	}

}
