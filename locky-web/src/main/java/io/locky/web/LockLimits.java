package io.locky.web;

/**
 * Limits what one caller of the HTTP endpoints may use. Register a bean of this type to
 * give callers different limits; without one, the properties
 * {@code locky.web.max-locks-per-caller} and {@code locky.web.max-requests-per-second}
 * are the limits of each caller.
 * <p>
 * The methods must not block. Several threads call them at once.
 *
 * @since 0.9.0
 */
public interface LockLimits {

	/**
	 * How many locks a caller may hold at once. Over HTTP no lock is acquired or taken
	 * over beyond it, whichever way the others were acquired. The locks are counted from
	 * time to time only: with several instances, a caller may get some more.
	 * @param caller the caller
	 * @return the number of locks, 0 for none
	 */
	int maxLocks(LockCaller caller);

	/**
	 * How many requests a caller may send to one instance in a second, in the long run;
	 * for a moment it may be twice as many. A release is never refused.
	 * @param caller the caller
	 * @return the number of requests, at least 1
	 */
	int maxRequestsPerSecond(LockCaller caller);

}
