package io.locky.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method of a bean while holding a lock, and gives the lock back in the end. If
 * somebody else holds it, the method does not run and a
 * {@link io.locky.ResourceLockedException} is thrown. The lock has a lease of 30 seconds,
 * whatever {@code locky.ttl} is, and is renewed while the method runs, or until the
 * {@link java.util.concurrent.CompletionStage} that it returns is completed. <pre>{@code
 * &#64;Locked("article:#<id>")
 * public void publish(long id) { … }
 * }</pre>
 * <p>
 * The locker is what the {@link io.locky.LockerResolver} bean says, else one that is
 * unique to the call.
 *
 * @since 0.1.0
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Locked {

	/**
	 * The resource: text with placeholders over the parameters of the method.
	 * {@code #<expr>} and <code>#{expr}</code> are SpEL, where a parameter {@code id} is
	 * {@code id} or {@code #id}; {@code #id.path} is the short form; {@code ##} is a
	 * literal {@code #}.
	 * @return the text
	 */
	String value();

}
