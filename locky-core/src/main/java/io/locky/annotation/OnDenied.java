package io.locky.annotation;

/**
 * What a {@link Locked @Locked} call does if another locker holds a lock.
 *
 * @since 0.9.0
 */
public enum OnDenied {

	/**
	 * It throws a {@link io.locky.ResourceLockedException} that names the lock.
	 */
	THROW,

	/**
	 * It does nothing, and returns {@code null}, an empty {@link java.util.Optional
	 * Optional}, an empty {@code Mono} or {@code Flux}, or a future that is completed
	 * with {@code null}. Not for methods that return a primitive.
	 */
	SKIP,

	/**
	 * It calls the {@linkplain Locked#fallback() fallback method} instead.
	 */
	FALLBACK

}
