package io.locky.sample;

import io.locky.LockInfo;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;

import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/**
 * All users may lock articles and see who edits them; only the chief may take a lock
 * over.
 */
@Component
class LockRules implements LockAccessPolicy {

	@Override
	public boolean mayLock(LockCaller caller, String resource) {
		return resource.startsWith("article:");
	}

	@Override
	public boolean mayTakeOver(LockCaller caller, LockInfo current) {
		return caller.principal() instanceof Authentication user && isChief(user);
	}

	static boolean isChief(Authentication user) {
		return user.getAuthorities().stream().anyMatch((role) -> "ROLE_CHIEF".equals(role.getAuthority()));
	}

}
