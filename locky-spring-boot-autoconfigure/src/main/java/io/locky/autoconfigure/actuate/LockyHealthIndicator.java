package io.locky.autoconfigure.actuate;

import java.time.Clock;

import io.locky.autoconfigure.actuate.LockyHealth.Findings;
import io.locky.core.LockyTemplate;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of locks in Spring Boot 4: down only if Redis does not answer on their
 * connection.
 */
final class LockyHealthIndicator extends AbstractHealthIndicator {

	private final LockyHealth health;

	LockyHealthIndicator(LockyTemplate locks) {
		super(LockyHealth.UNREACHABLE);
		this.health = new LockyHealth(locks, Clock.systemUTC());
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Findings findings = this.health.check();
		builder.status(findings.status()).withDetails(findings.details());
	}

}
