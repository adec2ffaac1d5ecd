package io.locky.annotation;

/**
 * What a {@link Locked @Locked} call does at its end if a lock was lost while it ran. A
 * {@link io.locky.event.LockLostEvent} is published in any case, and the method itself is
 * never stopped.
 *
 * @since 0.9.0
 */
public enum OnLost {

	/**
	 * It throws a {@link io.locky.LockLostException}, although the method has returned.
	 * If the method has thrown, its exception is rethrown, with this one suppressed.
	 */
	THROW,

	/**
	 * It logs a warning, and the call returns the result of the method.
	 */
	LOG

}
