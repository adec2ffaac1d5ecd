package io.locky;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A {@link LockerResolver} that finds the caller in the context of a Reactor chain, which
 * no thread knows. Register one bean of either type: methods that return a {@code Mono}
 * or {@code Flux} ask this one at their subscription, and all other methods call
 * {@link #resolveLocker()}.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ReactiveLockerResolver extends LockerResolver {

	/**
	 * The locker of the chain that subscribes.
	 * @return text, a number, a UUID or an enum constant, or empty if nobody in
	 * particular subscribes
	 */
	Mono<?> resolveReactiveLocker();

	/**
	 * The locker of a call outside of a chain.
	 * @return nobody in particular, unless it is overridden
	 */
	@Override
	default @Nullable Object resolveLocker() {
		return null;
	}

}
