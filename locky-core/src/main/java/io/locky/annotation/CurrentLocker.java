package io.locky.annotation;

import java.util.function.Supplier;

import io.locky.LockNames;
import io.locky.LockerResolver;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, by the {@link LockerResolver} if there is one.
 */
final class CurrentLocker {

	private final Supplier<@Nullable LockerResolver> resolvers;

	CurrentLocker(Supplier<@Nullable LockerResolver> resolvers) {
		this.resolvers = resolvers;
	}

	/**
	 * Who calls in this thread.
	 * @return the locker, or {@code null} if nobody in particular calls
	 */
	@Nullable String get() {
		LockerResolver resolver = resolver();
		Object locker = (resolver != null) ? resolver.resolveLocker() : null;
		return (locker != null) ? LockNames.locker(locker) : null;
	}

	@Nullable LockerResolver resolver() {
		return this.resolvers.get();
	}

}
