package io.locky.security;

import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;

/**
 * The name of an authenticated user who is not anonymous.
 */
final class AuthenticatedName {

	private static final AuthenticationTrustResolver TRUST = new AuthenticationTrustResolverImpl();

	private AuthenticatedName() {
	}

	static @Nullable String of(@Nullable Authentication authentication) {
		return (authentication != null && TRUST.isAuthenticated(authentication)) ? authentication.getName() : null;
	}

}
