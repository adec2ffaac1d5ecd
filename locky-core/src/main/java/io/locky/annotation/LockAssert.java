package io.locky.annotation;

import io.locky.LockNames;

import org.springframework.util.Assert;

/**
 * Catches code that runs without its lock, for example because a {@link Locked @Locked}
 * method was called through {@code this}. <pre>{@code
 * &#64;Locked("article:#<id>")
 * public void publish(long id) {
 *     LockAssert.assertLocked("article:" + id);
 * }
 * }</pre>
 *
 * @since 0.9.0
 */
public final class LockAssert {

	private LockAssert() {
	}

	/**
	 * Checks that the current call chain holds a lock through {@link Locked @Locked}. It
	 * does not call Redis, so it misses a takeover that this instance has not noticed
	 * yet. It checks the locks of the current thread: if a method returns a {@code Mono},
	 * {@code Flux} or future, call this in the method itself, not in an operator.
	 * @param resource the resource: text, a number, a UUID or an enum constant
	 * @throws IllegalStateException if the lock is not held, or is lost
	 */
	public static void assertLocked(Object resource) {
		String name = LockNames.resource(resource);
		Assert.state(HeldLocks.current().find(name) != null,
				() -> "'%s' is not locked by @Locked in this call chain: was the method called through 'this', "
					.formatted(name) + "or in another thread? Call it on the bean that Spring injects");
	}

}
