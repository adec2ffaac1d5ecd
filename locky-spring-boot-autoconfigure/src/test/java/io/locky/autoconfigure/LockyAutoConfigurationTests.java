package io.locky.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.LockyOperations;
import io.locky.LockySettings;
import io.locky.annotation.LockedBeanPostProcessor;
import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;
import io.locky.internal.redis.LockyKeys;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LockyAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.prefix=test-" + UUID.randomUUID() + ":");

	@Test
	void contextHasARunningTemplateAndAdvice() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(LockyTemplate.class)
				.hasSingleBean(LockyOperations.class)
				.hasSingleBean(LockedBeanPostProcessor.class);
			assertThat(context.getBean(LockyTemplate.class).isRunning()).isTrue();
		});
	}

	@Test
	void expiriesArePublishedAsApplicationEvents() {
		this.contextRunner.withPropertyValues("locky.ttl=50ms").withBean(ExpiryRecorder.class).run((context) -> {
			context.getBean(LockyTemplate.class).lock("x", "ann");
			await().until(() -> context.getBean(ExpiryRecorder.class).resources.equals(List.of("x")));
		});
	}

	@Test
	void prefixAndTtlAreApplied() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			this.contextRunner.withPropertyValues("locky.prefix=" + fixture.prefix(), "locky.ttl=7m").run((context) -> {
				context.getBean(LockyTemplate.class).lock("x", 1);
				assertThat(fixture.redis().opsForValue().get(fixture.lockKey("x"))).isEqualTo("1");
				assertThat(context.getBean(LockyTemplate.class).find("x").orElseThrow().expiresIn())
					.isBetween(Duration.ofMinutes(6), Duration.ofMinutes(7));
			});
		}
	}

	@Test
	void defaultPrefixIsThatOfTheNpmPackage() {
		Binder nothing = new Binder(List.of());
		assertThat(nothing.bindOrCreate("locky", LockyProperties.class).prefix()).isEqualTo("locky:");
		assertThat(LockyKeys.of(LockySettings.DEFAULT_PREFIX).partitionOf("x").lock("x")).isEqualTo("locky:lock:x");
	}

	@Test
	void lockyCanBeDisabled() {
		this.contextRunner.withPropertyValues("locky.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(LockyTemplate.class)
				.doesNotHaveBean(LockedBeanPostProcessor.class));
	}

	@Test
	void expirationWorkerCanBeDisabled() {
		this.contextRunner.withPropertyValues("locky.ttl=50ms", "locky.expiration.enabled=false")
			.withBean(ExpiryRecorder.class)
			.run((context) -> {
				LockyTemplate locks = context.getBean(LockyTemplate.class);
				locks.lock("x", "ann");
				await().until(() -> locks.getLocker("x") == null);
				await().during(Duration.ofSeconds(1))
					.atMost(Duration.ofSeconds(10))
					.until(() -> context.getBean(ExpiryRecorder.class).resources.isEmpty());
			});
	}

	@Test
	void autoConfigurationBacksOffWithoutRedis() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(LockyAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LockyTemplate.class));
		this.contextRunner.withClassLoader(new FilteredClassLoader(StringRedisTemplate.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LockyTemplate.class));
	}

	@Test
	void autoConfigurationBacksOffWhenUserDefinesTemplate() {
		this.contextRunner.withUserConfiguration(OwnTemplate.class)
			.run((context) -> assertThat(context).hasSingleBean(LockyTemplate.class).hasBean("ownTemplate"));
	}

	@Test
	void listenerContainerOfTheUserStaysTheOnlyBean() {
		RedisMessageListenerContainer own = new RedisMessageListenerContainer();
		own.setConnectionFactory(TestRedis.connectionFactory());
		this.contextRunner.withBean("redisMessageListenerContainer", RedisMessageListenerContainer.class, () -> own)
			.withBean(NeedsContainer.class)
			.run((context) -> {
				assertThat(context.getBean(NeedsContainer.class).container).isSameAs(own);
				assertThat(own.isListening()).isFalse();
			});
	}

	@Test
	void markedConnectionFactoryIsUsed() {
		this.contextRunner.withUserConfiguration(MarkedConnection.class).run((context) -> {
			LockyTemplate locks = context.getBean(LockyTemplate.class);
			assertThat(locks.lock("x", "ann")).isTrue();
			assertThat(locks.unlock("x", "ann")).isTrue();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "locky.ttl=0s", "locky.ttl=-5s", "locky.ttl=366d", "locky.ttl=soon", "locky.ttl=30",
			"locky.expiration.ack-timeout=30000", "locky.prefix=", "locky.prefix=a\nb",
			"locky.expiration.ack-timeout=10ms", "locky.min-replicas-ack=-1", "locky.min-replicas-ack-timeout=0ms",
			"locky.shutdown-timeout=0s" })
	void badPropertyFailsTheStartUp(String property) {
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageFindingMatch("must|cannot be parsed|not a valid duration"));
	}

	@Test
	void durationWithoutUnitInAPlaceholderEndsTheStartUp() {
		this.contextRunner.withPropertyValues("lease=30", "locky.ttl=${lease}")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessage("'locky.ttl' must have a unit, as in 30s, 30ms or 30m, but is '30'"));
	}

	@Test
	void minReplicasAckOnAClusterFailsTheStartUp() {
		this.contextRunner.withPropertyValues("locky.min-replicas-ack=1", "spring.data.redis.cluster.nodes=127.0.0.1:1")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageStartingWith("'locky.min-replicas-ack' cannot be used on Redis Cluster"));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTemplate {

		@Bean
		LockyTemplate ownTemplate(StringRedisTemplate redis, ApplicationEventPublisher publisher) {
			return new LockyTemplate(redis, LockySettings.builder().ttl(Duration.ofSeconds(3)).build(), publisher);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedConnection {

		@Bean
		RedisConnectionFactory redisConnectionFactory() {
			return TestRedis.connect("127.0.0.1", EmbeddedRedis.freePort(), Duration.ofMillis(500));
		}

		@Bean
		@LockyRedis
		RedisConnectionFactory connectionFactoryForLocks() {
			return TestRedis.connect();
		}

	}

	static class ExpiryRecorder {

		private final List<String> resources = new CopyOnWriteArrayList<>();

		@EventListener
		void on(LockExpiredEvent event) {
			this.resources.add(event.getResource());
		}

	}

	static class NeedsContainer {

		private final RedisMessageListenerContainer container;

		NeedsContainer(RedisMessageListenerContainer container) {
			this.container = container;
		}

	}

}
