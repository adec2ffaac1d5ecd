package io.locky.annotation;

/**
 * What a {@link Locked @Locked} call does at its end if the lock was lost while it ran. A
 * {@link io.locky.event.LockLostEvent} is published in any case, and the method itself is
 * never stopped.
 *
 * @since 0.1.0
 */
public enum OnLost {

	/**
	 * It throws a {@link io.locky.LockLostException}, although the method has returned.
	 * If the method has thrown, that exception goes on, with this one suppressed.
	 */
	THROW,

	/**
	 * It writes a warning to the log. What the method has returned counts.
	 */
	LOG

}
