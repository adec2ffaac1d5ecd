package io.locky;

import org.jspecify.annotations.Nullable;

/**
 * Finds the locker of the current call. Register a bean of this type so that
 * {@code @Locked} methods lock for the user that calls them. With Spring Security one is
 * configured automatically, unless the application has its own. If there are several, one
 * must be primary. For Reactor, see {@code ReactiveLockerResolver}.
 *
 * @since 0.9.0
 */
@FunctionalInterface
public interface LockerResolver {

	/**
	 * Finds the locker of the current call.
	 * @return text, a number, a UUID or an enum constant, or {@code null} if the call has
	 * no locker
	 */
	@Nullable Object resolveLocker();

}
