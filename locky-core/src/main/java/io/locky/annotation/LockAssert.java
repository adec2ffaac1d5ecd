package io.locky.annotation;

import io.locky.LockNames;

import org.springframework.util.Assert;

/**
 * Catches code that runs without the lock that it needs, for example because a
 * {@link Locked @Locked} method was called through {@code this}. <pre>{@code
 * &#64;Locked("article:#<id>")
 * public void publish(long id) {
 *     LockAssert.assertLocked("article:" + id);
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class LockAssert {

	private LockAssert() {
	}

	/**
	 * Checks that the running call chain holds a lock by {@link Locked @Locked}. Asks
	 * nobody: a takeover that nobody has noticed yet is not seen. Sees what the current
	 * thread has called: in a method that returns a {@code Mono}, {@code Flux} or future
	 * call it in the method itself, not in an operator.
	 * @param resource what must be locked: text, a number, a UUID or an enum constant
	 * @throws IllegalStateException if it is not, or the lock is lost
	 */
	public static void assertLocked(Object resource) {
		String name = LockNames.resource(resource);
		Assert.state(HeldLocks.current().find(name) != null,
				() -> "'%s' is not locked by @Locked in this call chain: was the method called through 'this', "
					.formatted(name) + "or in another thread? Call it on the bean that Spring injects");
	}

}
