package io.locky.sample;

import java.time.Duration;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Returns the user of the page, the instance that serves it, and in seconds the TTL of a
 * lock, when its holder counts as idle, and how long the question stays.
 */
@RestController
class MeController {

	private final String instance;

	private final Duration ttl;

	private final Duration idleAfter;

	private final Duration grace;

	MeController(@Value("${locky.events.instance}") String instance, @Value("${locky.ttl}") Duration ttl,
			@Value("${newsroom.idle-after}") Duration idleAfter, @Value("${newsroom.grace}") Duration grace) {
		this.instance = instance;
		this.ttl = ttl;
		this.idleAfter = idleAfter;
		this.grace = grace;
	}

	@GetMapping("/api/me")
	Me me(Authentication user) {
		return new Me(user.getName(), LockRules.isChief(user), this.instance, seconds(this.ttl),
				seconds(this.idleAfter), seconds(this.grace));
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

	record Me(String name, boolean chief, String instance, double ttl, double idleAfter, double grace) {

	}

}
