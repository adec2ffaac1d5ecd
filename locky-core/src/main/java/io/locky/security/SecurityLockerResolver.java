package io.locky.security;

import io.locky.LockerResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.context.SecurityContextHolderStrategy;

/**
 * Takes the name of the user whom Spring Security has authenticated in this thread.
 * Nobody in particular if there is none, or an anonymous one.
 *
 * @since 0.1.0
 */
public final class SecurityLockerResolver implements LockerResolver {

	private final SecurityContextHolderStrategy contexts;

	/**
	 * Creates a resolver.
	 * @param contexts where the authentication of this thread is
	 */
	public SecurityLockerResolver(SecurityContextHolderStrategy contexts) {
		this.contexts = contexts;
	}

	@Override
	public @Nullable Object resolveLocker() {
		return AuthenticatedName.of(this.contexts.getContext().getAuthentication());
	}

}
