package io.locky.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method of a bean while holding locks. They are released when the method returns
 * or throws, when the {@link java.util.concurrent.CompletionStage} that it returns is
 * completed, or when its {@code Mono} or {@code Flux} terminates or is cancelled. In a
 * running transaction they are held until it completes. If another locker holds a lock,
 * the method does not run. <pre>{@code
 * &#64;Locked("article:#<id>")
 * public void publish(long id) { … }
 * }</pre>
 * <p>
 * On a class it applies to each of its public methods that has no annotation of its own.
 * It can be used as a meta-annotation.
 * <p>
 * All texts may have placeholders over the parameters of the method: {@code #<expr>} and
 * <code>#{expr}</code> are SpEL, where a parameter {@code id} is {@code id} or
 * {@code #id}; {@code #id.path} is the short form; {@code ##} is a literal {@code #}. In
 * names of several values, {@code #<escape(id)>} encodes one so that it cannot be mixed
 * up with its neighbours, as {@link io.locky.LockNames#escape} does. They may also have
 * properties of the application: <code>${name}</code>. All of them are parsed and checked
 * when the application starts.
 * <p>
 * A nested call for a lock that the call chain already holds passes. A call through
 * {@code this} is not intercepted and runs without a lock: see {@link LockAssert}.
 *
 * @since 0.9.0
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
	 * The locker. If it is empty, it is the one that the {@link io.locky.LockerResolver}
	 * bean returns, or, without one, a locker that is unique to the call.
	 * @return a text
	 */
	String locker() default "";

	/**
	 * The length of the lease. It is renewed while the method runs, so this is how long
	 * the resource stays locked after a crash. {@code locky.ttl} does not apply.
	 * @return a duration such as {@code 30s} or {@code PT30S}, from 1 ms to 365 days
	 */
	String ttl() default "30s";

	/**
	 * The longest time that the locks can be held, however long the method runs: the
	 * limit for a future or {@code Mono} that never ends. After it the locks are free,
	 * while the method may still run, and they count as lost.
	 * @return a duration such as {@code 10m} or {@code PT10M}, from 1 ms to 365 days, or
	 * empty for no limit
	 */
	String maxHold() default "";

	/**
	 * How long to wait for locks that are held, for all resources together.
	 * @return a duration such as {@code 5s} or {@code PT5S}, from 1 ms to a day, or empty
	 * to not wait
	 */
	String waitFor() default "";

	/**
	 * Whether to take over locks that another locker holds.
	 * @return true to take over
	 */
	boolean force() default false;

	/**
	 * A note that others can read in {@link io.locky.LockInfo}.
	 * @return a text of at most 256 characters, or empty
	 */
	String note() default "";

	/**
	 * What to do if another locker holds a lock.
	 * @return what to do
	 */
	OnDenied onDenied() default OnDenied.THROW;

	/**
	 * The method to call instead, for {@link OnDenied#FALLBACK}. It is a method of the
	 * same class with the same parameters, or with a
	 * {@link io.locky.ResourceLockedException} after them, and a compatible result.
	 * @return the name of the method, or empty
	 */
	String fallback() default "";

	/**
	 * What to do if a lock was lost while the method ran.
	 * @return what to do
	 */
	OnLost onLost() default OnLost.THROW;

}
