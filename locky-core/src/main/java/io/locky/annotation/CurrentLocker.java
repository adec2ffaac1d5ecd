package io.locky.annotation;

import java.util.function.Supplier;

import io.locky.LockNames;
import io.locky.LockerResolver;
import org.jspecify.annotations.Nullable;

/**
 * The locker that an annotated method runs for, as the application's
 * {@link LockerResolver} returns it.
 */
final class CurrentLocker {

	private final Supplier<@Nullable LockerResolver> resolver;

	CurrentLocker(Supplier<@Nullable LockerResolver> resolver) {
		this.resolver = resolver;
	}

	/**
	 * Resolves the locker of the current thread.
	 * @return the locker, or {@code null} if there is no resolver or it finds none
	 */
	@Nullable String get() {
		LockerResolver resolver = resolver();
		Object locker = (resolver != null) ? resolver.resolveLocker() : null;
		return name(locker);
	}

	/**
	 * The name that a resolver returned.
	 * @param locker what it returned
	 * @return the name, or {@code null} if it returned none or an empty one
	 */
	static @Nullable String name(@Nullable Object locker) {
		boolean none = locker == null || (locker instanceof CharSequence text && text.toString().isBlank());
		return none ? null : LockNames.locker(locker);
	}

	@Nullable LockerResolver resolver() {
		return this.resolver.get();
	}

}
