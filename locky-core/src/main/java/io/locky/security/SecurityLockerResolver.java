package io.locky.security;

import io.locky.LockerResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.context.SecurityContextHolderStrategy;

/**
 * Resolves the locker to the name of the user that Spring Security has authenticated in
 * the current thread. There is no locker if there is no user, or an anonymous one.
 *
 * @since 0.9.0
 */
public final class SecurityLockerResolver implements LockerResolver {

	private final SecurityContextHolderStrategy contexts;

	/**
	 * Creates a resolver.
	 * @param contexts the strategy that keeps the security context of a thread
	 */
	public SecurityLockerResolver(SecurityContextHolderStrategy contexts) {
		this.contexts = contexts;
	}

	@Override
	public @Nullable Object resolveLocker() {
		return AuthenticatedName.of(this.contexts.getContext().getAuthentication());
	}

}
