package io.locky.autoconfigure.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockyRedis;
import io.locky.autoconfigure.actuate.LockyHealth.Findings;
import io.locky.core.LockyTemplate;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RestrictedRedis;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is down, what is degraded, and on which connection that is found out.
 */
class LockyHealthTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LockyAutoConfiguration.class, LockyHealthAutoConfiguration.class))
		.withPropertyValues("locky.startup-check.enabled=false");

	@Test
	void redisOfTheLocksDecides() {
		this.application.withUserConfiguration(LocksAnswer.class)
			.run((context) -> assertThat(health(context.getBean(HealthIndicator.class)).getStatus())
				.isEqualTo(Status.UP));
	}

	@Test
	void locksWithoutRedisAreDown() {
		this.application.withUserConfiguration(LocksDoNotAnswer.class).run((context) -> {
			Health health = health(context.getBean(HealthIndicator.class));
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails().get("error")).asString().contains("Redis");
		});
	}

	@Test
	void indicatorCanBeTurnedOff() {
		this.application.withUserConfiguration(LocksAnswer.class)
			.withPropertyValues("management.health.locky.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
	}

	@Test
	void workerThatGetsNoAnswerDegrades() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyTemplate locks = fixture.start(fixture.settings().expiration(true).broadcast(true).build());
			await().until(() -> locks.status().worker() != null && locks.status().worker().lastSuccess() != null
					&& locks.status().follower() != null && locks.status().follower().lastSuccess() != null
					&& locks.status().subscribed());
			assertThat(findings(locks, Duration.ZERO).problems()).isEmpty();
			assertThat(findings(locks, Duration.ofMinutes(1)).problems()).hasSize(2)
				.anySatisfy((problem) -> assertThat(problem).contains("expired locks are not published"))
				.anySatisfy((problem) -> assertThat(problem).contains("events of other instances"));
			locks.stop();
			assertThat(findings(locks, Duration.ZERO).problems()).containsExactly("The template is not started");
		}
	}

	@Test
	void missingPermissionDegrades() {
		try (RestrictedRedis redis = RestrictedRedis.start();
				LockyFixture fixture = new LockyFixture(
						redis.connectAs(List.of("on", ">secret", "~*", "&*", "+@all", "-publish")), redis.admin())) {
			LockyTemplate locks = fixture.start(fixture.settings().startupCheck(true).build());
			await().untilAsserted(() -> assertThat(findings(locks, Duration.ZERO).problems())
				.anySatisfy((problem) -> assertThat(problem).contains("may not publish hints")));
			LockyHealthIndicator indicator = new LockyHealthIndicator(locks);
			assertThat(indicator.health().getStatus()).isEqualTo(new Status(LockyHealth.DEGRADED));
		}
	}

	@Test
	void missingSubscriptionDegradesUnlessItIsNew() {
		try (RestrictedRedis redis = RestrictedRedis.start();
				LockyFixture fixture = new LockyFixture(
						redis.connectAs(List.of("on", ">secret", "~*", "&*", "+@all", "-subscribe")), redis.admin())) {
			LockyTemplate locks = fixture.start(fixture.settings().expiration(true).build());
			await().until(() -> locks.status().worker() != null && locks.status().worker().lastSuccess() != null);
			Instant[] now = { Instant.now() };
			InstantSource clock = () -> now[0];
			LockyHealth health = new LockyHealth(locks, clock.withZone(ZoneOffset.UTC));
			assertThat(health.check().status()).isEqualTo(LockyHealth.UP);
			now[0] = now[0].plus(LockyHealth.SUBSCRIBING).plusMillis(1);
			assertThat(health.check().problems()).singleElement().asString().startsWith("No hints arrive");
		}
	}

	private static Findings findings(LockyTemplate locks, Duration later) {
		LockyHealth health = new LockyHealth(locks, Clock.offset(Clock.systemUTC(), later));
		return health.check();
	}

	private static Health health(HealthIndicator indicator) {
		return Objects.requireNonNull(indicator.health());
	}

	private static LettuceConnectionFactory nowhere() {
		return TestRedis.connect("127.0.0.1", EmbeddedRedis.freePort(), Duration.ofMillis(300));
	}

	@Configuration(proxyBeanMethods = false)
	static class LocksAnswer {

		@Bean
		RedisConnectionFactory ofTheApplication() {
			return nowhere();
		}

		@Bean
		@LockyRedis
		RedisConnectionFactory ofLocks() {
			return TestRedis.connect();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LocksDoNotAnswer {

		@Bean
		RedisConnectionFactory ofTheApplication() {
			return TestRedis.connect();
		}

		@Bean
		@LockyRedis
		RedisConnectionFactory ofLocks() {
			return nowhere();
		}

	}

}
