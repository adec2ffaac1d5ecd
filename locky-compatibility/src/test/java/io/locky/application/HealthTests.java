package io.locky.application;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Objects;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The health of locks, whose types depend on the version of Spring Boot.
 */
@Tag("tools")
class HealthTests {

	private static final String BEAN = "lockyHealthIndicator";

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LockyAutoConfiguration.class, health()))
		.withPropertyValues("locky.startup-check.enabled=false");

	/** By name, because one of them cannot be compiled against. */
	private static Class<?> health() {
		boolean boot3 = ClassUtils.isPresent("org.springframework.boot.actuate.health.HealthIndicator", null);
		return ClassUtils.resolveClassName("io.locky.autoconfigure.actuate."
				+ (boot3 ? "LockyBoot3HealthAutoConfiguration" : "LockyHealthAutoConfiguration"), null);
	}

	@Test
	void locksWithRedisAreUp() {
		this.application.withBean(RedisConnectionFactory.class, TestRedis::connect).run((context) -> {
			await().untilAsserted(() -> assertThat(health(context)).startsWith("UP").contains("renewedHandles=0"));
			assertThat(context.getBean(BEAN)).isEqualTo(context.getBean(BEAN))
				.hasSameHashCodeAs(context.getBean(BEAN))
				.isNotEqualTo(context);
			assertThat(context.getBean(BEAN).toString()).isNotEmpty();
		});
	}

	@Test
	void locksWithoutRedisAreDown() {
		this.application
			.withBean(RedisConnectionFactory.class,
					() -> TestRedis.connect("127.0.0.1", EmbeddedRedis.freePort(), Duration.ofMillis(300)))
			.run((context) -> assertThat(health(context)).startsWith("DOWN").contains("Redis"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.health.locky.enabled=false", "management.health.defaults.enabled=false" })
	void indicatorCanBeTurnedOff(String property) {
		this.application.withBean(RedisConnectionFactory.class, TestRedis::connect)
			.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
	}

	@Test
	void indicatorOfTheApplicationIsUsed() {
		this.application.withBean(RedisConnectionFactory.class, TestRedis::connect)
			.withBean(BEAN, String.class, () -> "own")
			.run((context) -> assertThat(context.getBean(BEAN)).isEqualTo("own"));
	}

	private static String health(ApplicationContext context) {
		Object indicator = context.getBean(BEAN);
		Method method = Objects.requireNonNull(ReflectionUtils.findMethod(indicator.getClass(), "health"));
		ReflectionUtils.makeAccessible(method);
		return String.valueOf(ReflectionUtils.invokeMethod(method, indicator));
	}

}
