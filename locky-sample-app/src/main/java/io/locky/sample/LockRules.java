package io.locky.sample;

import java.time.Duration;

import io.locky.LockInfo;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/**
 * All users may lock articles, see who edits them, ask for them and wait for them; only
 * the chief may take a lock over.
 */
@Component
class LockRules implements LockAccessPolicy {

	private final Duration silence;

	LockRules(@Value("${newsroom.silence}") Duration silence) {
		this.silence = silence;
	}

	@Override
	public boolean mayLock(LockCaller caller, String resource) {
		return resource.startsWith("article:");
	}

	@Override
	public boolean mayTakeOver(LockCaller caller, LockInfo current) {
		return caller.principal() instanceof Authentication user && isChief(user);
	}

	@Override
	public Duration silence(LockCaller caller, LockInfo current) {
		return this.silence;
	}

	static boolean isChief(Authentication user) {
		return user.getAuthorities().stream().anyMatch((role) -> "ROLE_CHIEF".equals(role.getAuthority()));
	}

}
