package io.locky;

import org.jspecify.annotations.Nullable;

/**
 * Tells who the current caller is. Register a bean of this type so that {@code @Locked}
 * methods lock for the user who calls them. With Spring Security there is one already,
 * which gives way to yours. See {@code ReactiveLockerResolver} for Reactor.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LockerResolver {

	/**
	 * The locker of the current call.
	 * @return text, a number, a UUID or an enum constant, or {@code null} if nobody in
	 * particular calls
	 */
	@Nullable Object resolveLocker();

}
