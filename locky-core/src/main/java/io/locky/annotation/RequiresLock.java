package io.locky.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method of a bean only if the current locker holds a lock. It acquires, renews
 * and releases nothing. <pre>{@code
 * &#64;RequiresLock(value = "article:#<id>", fence = "#<fence>")
 * public void save(long id, String text, long fence) { … }
 * }</pre>
 * <p>
 * The current locker is {@link #locker()}, or else the one that the
 * {@link io.locky.LockerResolver} bean returns. With a {@link #fence()}, the fencing
 * token of the grant, that very grant must hold the lock. If there are a locker and a
 * fence, both must match; without a locker, the fence alone decides. If there is neither,
 * the call fails with an {@link IllegalStateException}. In an application without a
 * resolver, the start-up fails, unless a method with {@link Locked @Locked} may hold the
 * lock and call this one.
 * <p>
 * If another locker holds the lock, a {@link io.locky.ResourceLockedException} is thrown.
 * If the lock is free, or the same locker holds it with another fence, a
 * {@link io.locky.LockRequiredException} is thrown.
 * <p>
 * The check is made once, before the method runs: for a {@code Mono} or {@code Flux} at
 * each subscription, on a thread that may block, for other types on the caller's thread.
 * The lock may end while the method runs. A save that must be safe even then checks the
 * fence in its {@code UPDATE}.
 *
 * @since 0.9.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface RequiresLock {

	/**
	 * The resources that must be held, all of them: texts with placeholders over the
	 * parameters of the method, as in {@link Locked#value()}.
	 * @return the texts
	 */
	String[] value();

	/**
	 * The locker that must hold them: a text with placeholders over the parameters, such
	 * as {@code #<user>}.
	 * @return the text, or empty for the current locker
	 */
	String locker() default "";

	/**
	 * The fences of the grants that must hold them: texts with placeholders over the
	 * parameters, such as {@code #<fence>}, one for each resource and in their order.
	 * @return the texts, or empty for any grant of the locker
	 */
	String[] fence() default {};

}
