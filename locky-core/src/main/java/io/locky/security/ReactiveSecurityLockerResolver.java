package io.locky.security;

import io.locky.LockerResolver;
import io.locky.ReactiveLockerResolver;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.security.core.context.ReactiveSecurityContextHolder;

/**
 * Takes the name of the user whom Spring Security has authenticated in the Reactor chain
 * that subscribes, or else in its thread: a servlet application may subscribe too.
 *
 * @since 0.1.0
 */
public final class ReactiveSecurityLockerResolver implements ReactiveLockerResolver {

	private final LockerResolver thread;

	/**
	 * Creates a resolver.
	 * @param thread who knows the user of a thread
	 */
	public ReactiveSecurityLockerResolver(SecurityLockerResolver thread) {
		this.thread = thread;
	}

	@Override
	public Mono<?> resolveReactiveLocker() {
		Mono<Object> ofThread = Mono.fromCallable(this.thread::resolveLocker);
		return ReactiveSecurityContextHolder.getContext()
			.<Object>mapNotNull((context) -> AuthenticatedName.of(context.getAuthentication()))
			.switchIfEmpty(ofThread);
	}

	@Override
	public @Nullable Object resolveLocker() {
		return this.thread.resolveLocker();
	}

}
