package io.locky.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method of a bean only if the current locker holds a lock. Takes, renews and
 * releases nothing. <pre>{@code
 * &#64;RequiresLock(value = "article:#<id>", fence = "#<fence>")
 * public void save(long id, String text, long fence) { … }
 * }</pre>
 * <p>
 * The current locker is {@link #locker()}, else what the {@link io.locky.LockerResolver}
 * bean says. With a {@link #fence()} that very grant must hold the lock. Where a locker
 * is known and a fence is given, both must match; where nobody is known, the fence alone
 * decides. Where there is neither, the call fails with an {@link IllegalStateException}.
 * <p>
 * If somebody else holds the lock, a {@link io.locky.ResourceLockedException} is thrown.
 * If nobody does, or the same locker with another fence, it is a
 * {@link io.locky.LockRequiredException}.
 * <p>
 * The check is made once, before the method runs: for a {@code Mono} or {@code Flux} at
 * each subscription and not on its thread, for other types in the thread of the caller.
 * The lock may end while the method runs. A save that must be safe even then checks the
 * fence in its {@code UPDATE}.
 *
 * @since 0.1.0
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
	 * Who must hold them: a text with placeholders over the parameters, such as
	 * {@code #<user>}.
	 * @return the text, empty for the current locker
	 */
	String locker() default "";

	/**
	 * The fences of the grants that must hold them: texts with placeholders over the
	 * parameters, such as {@code #<fence>}, one for each resource and in their order.
	 * @return the texts, empty for any grant of the locker
	 */
	String[] fence() default {};

}
