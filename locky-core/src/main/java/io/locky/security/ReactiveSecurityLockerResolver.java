package io.locky.security;

import io.locky.LockerResolver;
import io.locky.ReactiveLockerResolver;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.security.core.context.ReactiveSecurityContextHolder;

/**
 * Resolves the locker to the name of the user that Spring Security has authenticated in
 * the Reactor context of the subscription, or else in the subscribing thread, because a
 * servlet application may subscribe too.
 *
 * @since 0.9.0
 */
public final class ReactiveSecurityLockerResolver implements ReactiveLockerResolver {

	private final LockerResolver threadResolver;

	/**
	 * Creates a resolver.
	 * @param threadResolver resolves the user of a thread
	 */
	public ReactiveSecurityLockerResolver(SecurityLockerResolver threadResolver) {
		this.threadResolver = threadResolver;
	}

	@Override
	public Mono<?> resolveReactiveLocker() {
		Mono<Object> userOfThread = Mono.fromCallable(this.threadResolver::resolveLocker);
		return ReactiveSecurityContextHolder.getContext()
			.<Object>mapNotNull((context) -> AuthenticatedName.of(context.getAuthentication()))
			.switchIfEmpty(userOfThread);
	}

	@Override
	public @Nullable Object resolveLocker() {
		return this.threadResolver.resolveLocker();
	}

}
