package io.locky.autoconfigure.actuate;

import java.time.Clock;

import io.locky.autoconfigure.actuate.LockyHealth.Findings;
import io.locky.core.LockyTemplate;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of locks in Spring Boot 4: down only if Redis does not answer on their
 * connection.
 */
final class LockyHealthIndicator extends AbstractHealthIndicator {

	/** Not in the order of severity of Spring Boot, so that the others decide alone. */
	static final Status DEGRADED = new Status("DEGRADED");

	private final LockyHealth health;

	LockyHealthIndicator(LockyTemplate locks) {
		super("Redis does not answer on the connection for locks");
		this.health = new LockyHealth(locks, Clock.systemUTC());
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Findings findings = this.health.check();
		builder.status(findings.problems().isEmpty() ? Status.UP : DEGRADED).withDetails(findings.details());
	}

}
