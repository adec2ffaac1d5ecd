package io.locky.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method of a bean while holding locks, and gives them back in the end: when it
 * has returned or thrown, when the {@link java.util.concurrent.CompletionStage} that it
 * returns is completed, or when the {@code Mono} or {@code Flux} has ended or is
 * cancelled. In a running transaction they are held until that is completed. If somebody
 * else holds a lock, the method does not run. <pre>{@code
 * &#64;Locked("article:#<id>")
 * public void publish(long id) { … }
 * }</pre>
 * <p>
 * On a class it stands for each of its public methods that has none of its own. It can be
 * put on an annotation of the application's own.
 * <p>
 * All texts may have placeholders over the parameters of the method: {@code #<expr>} and
 * <code>#{expr}</code> are SpEL, where a parameter {@code id} is {@code id} or
 * {@code #id}; {@code #id.path} is the short form; {@code ##} is a literal {@code #}. And
 * they may have properties of the application: <code>${name}</code>. They are parsed and
 * checked when the application starts.
 * <p>
 * A call for what the running call chain holds already passes, and what a call through
 * {@code this} does cannot be seen: see {@link LockAssert}.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Locked {

	/**
	 * The resources to lock, all of them or none.
	 * @return one or more texts
	 */
	String[] value();

	/**
	 * Who holds the locks. Empty for who the {@link io.locky.LockerResolver} bean says,
	 * or, if it says nobody, one that is unique to the call.
	 * @return a text
	 */
	String locker() default "";

	/**
	 * The length of the lease. It is renewed while the method runs, so this is how long
	 * the resource stays locked after a crash. Whatever {@code locky.ttl} is.
	 * @return a duration such as {@code 30s} or {@code PT30S}, from 1 ms to 365 days
	 */
	String ttl() default "30s";

	/**
	 * How long to wait for locks that are held, all together.
	 * @return a duration such as {@code 5s} or {@code PT5S}, from 1 ms to a day, or empty
	 * for not at all
	 */
	String waitFor() default "";

	/**
	 * Whether to take the locks over from whoever holds them.
	 * @return true to take over
	 */
	boolean force() default false;

	/**
	 * A text for others to see.
	 * @return a text of at most 256 characters, or empty
	 */
	String note() default "";

	/**
	 * What to do if somebody else holds a lock.
	 * @return what to do
	 */
	OnDenied onDenied() default OnDenied.THROW;

	/**
	 * The method to call instead, for {@link OnDenied#FALLBACK}. It is a method of the
	 * same class with the same parameters, or with a
	 * {@link io.locky.ResourceLockedException} after them, and a result that fits.
	 * @return the name of the method, or empty
	 */
	String fallback() default "";

	/**
	 * What to do if a lock was lost while the method ran.
	 * @return what to do
	 */
	OnLost onLost() default OnLost.THROW;

}
