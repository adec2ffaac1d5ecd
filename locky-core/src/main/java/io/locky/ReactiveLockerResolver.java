package io.locky;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A {@link LockerResolver} that finds the locker in the context of a Reactor chain, which
 * is not bound to a thread. Register one bean of either type. Methods that return a
 * {@code Mono} or {@code Flux} call {@link #resolveReactiveLocker()} at each
 * subscription; all other methods call {@link #resolveLocker()}.
 *
 * @since 0.9.0
 */
@FunctionalInterface
public interface ReactiveLockerResolver extends LockerResolver {

	/**
	 * Finds the locker of the chain that subscribes.
	 * @return text, a number, a UUID or an enum constant, or empty if the chain has no
	 * locker
	 */
	Mono<?> resolveReactiveLocker();

	/**
	 * Finds the locker of a call outside of a chain.
	 * @return {@code null}, no locker, unless it is overridden
	 */
	@Override
	default @Nullable Object resolveLocker() {
		return null;
	}

}
