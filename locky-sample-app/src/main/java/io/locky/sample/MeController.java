package io.locky.sample;

import java.time.Duration;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Returns the user of the page, the instance that serves it, and the TTL of a lock in
 * seconds.
 */
@RestController
class MeController {

	private final String instance;

	private final Duration ttl;

	MeController(@Value("${locky.events.instance}") String instance, @Value("${locky.ttl}") Duration ttl) {
		this.instance = instance;
		this.ttl = ttl;
	}

	@GetMapping("/api/me")
	Me me(Authentication user) {
		return new Me(user.getName(), LockRules.isChief(user), this.instance, this.ttl.toMillis() / 1000.0);
	}

	record Me(String name, boolean chief, String instance, double ttl) {

	}

}
