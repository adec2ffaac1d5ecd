package io.locky.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.LockRequest;
import io.locky.LockRequiredException;
import io.locky.LockySettings;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockyOperations;
import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import io.locky.core.LockyTemplate;
import io.locky.core.ReactiveLockyTemplate;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.test.InMemoryLocks;
import io.locky.test.ReactiveInMemoryLocks;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.aop.MethodBeforeAdvice;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConnection;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class LockyReactiveAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class,
						LockyAutoConfiguration.class, LockyReactiveAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.prefix=test-" + UUID.randomUUID() + ":");

	@Test
	void reactiveOperationsHaveTheLocksAndEventsOfTheTemplate() {
		this.contextRunner.withBean(Recorder.class).run((context) -> {
			ReactiveLockyOperations reactive = context.getBean(ReactiveLockyOperations.class);
			LockyTemplate blocking = context.getBean(LockyTemplate.class);
			ReactiveLockAttempt.Acquired ann = reactive.tryLock(LockRequest.of("x").by("ann"))
				.ofType(ReactiveLockAttempt.Acquired.class)
				.blockOptional()
				.orElseThrow();
			assertThat(blocking.getLocker("x")).isEqualTo("ann");
			assertThat(blocking.lock("x", "bob")).isFalse();
			ann.handle().close().block();
			assertThat(blocking.find("x")).isEmpty();
			assertThat(context.getBean(Recorder.class).events).hasExactlyElementsOfTypes(LockAcquiredEvent.class,
					LockReleasedEvent.class);
		});
	}

	@Test
	void reactiveMethodsAreLockedByTheReactiveOperations() {
		List<String> calls = new CopyOnWriteArrayList<>();
		ProxyFactory recording = new ProxyFactory(new ReactiveInMemoryLocks(new InMemoryLocks(null)));
		recording.addAdvice((MethodBeforeAdvice) (method, arguments, target) -> calls.add(method.getName()));
		this.contextRunner.withBean(ReactiveLockyOperations.class, () -> (ReactiveLockyOperations) recording.getProxy())
			.withBean(Articles.class)
			.run((context) -> {
				Articles articles = context.getBean(Articles.class);
				assertThat(articles.publish().block()).isEqualTo("published");
				assertThat(articles.save().onErrorReturn(LockRequiredException.class, "denied").block())
					.isEqualTo("denied");
				assertThat(calls).containsExactly("tryLock", "findAll");
			});
	}

	@Test
	void reactiveOperationsUseTheMarkedConnectionFactory() {
		this.contextRunner.withUserConfiguration(MarkedConnection.class)
			.run((context) -> assertThat(
					context.getBean(ReactiveLockyOperations.class).lock("x", "ann").block(Duration.ofSeconds(10)))
				.isTrue());
	}

	@ParameterizedTest
	@ValueSource(classes = { KnownBlockingConnection.class, UnknownBlockingConnection.class })
	void driverThatOnlyBlocksHasNoReactiveOperations(Class<?> connection, CapturedOutput output) {
		this.contextRunner.withUserConfiguration(connection).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(LockyTemplate.class).lock("x", "ann")).isTrue();
			assertThat(context.getBeanProvider(ReactiveLockyOperations.class).getIfAvailable()).isNull();
		});
		assertThat(output).doesNotContain("WARN", "ERROR");
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor.core.publisher.Mono",
			"org.springframework.data.redis.core.ReactiveStringRedisTemplate" })
	void missingLibraryLeavesTheBlockingTemplate(String missing) {
		this.contextRunner.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasSingleBean(LockyTemplate.class)
				.doesNotHaveBean(ReactiveLockyOperations.class));
	}

	@Test
	void autoConfigurationBacksOffForTheApplication() {
		this.contextRunner.withUserConfiguration(OwnOperations.class)
			.run((context) -> assertThat(context).hasSingleBean(ReactiveLockyOperations.class)
				.hasBean("ownOperations"));
		this.contextRunner.withUserConfiguration(OwnTemplate.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ReactiveLockyOperations.class));
		this.contextRunner.withPropertyValues("locky.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ReactiveLockyOperations.class));
	}

	static class Articles {

		@Locked("x")
		Mono<String> publish() {
			return Mono.just("published");
		}

		@RequiresLock(value = "x", locker = "ann")
		Mono<String> save() {
			return Mono.just("saved");
		}

	}

	static class Recorder {

		private final List<LockyEvent> events = new CopyOnWriteArrayList<>();

		@EventListener
		void on(LockyEvent event) {
			this.events.add(event);
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

	@Configuration(proxyBeanMethods = false)
	static class KnownBlockingConnection {

		@Bean
		BlockingConnectionFactory connectionFactory() {
			return new BlockingConnectionFactory(TestRedis.connectionFactory());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnknownBlockingConnection {

		@Bean
		RedisConnectionFactory connectionFactory() {
			return new BlockingConnectionFactory(TestRedis.connectionFactory());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnOperations {

		@Bean
		ReactiveLockyOperations ownOperations(ReactiveStringRedisTemplate redis, LockyTemplate locks) {
			return new ReactiveLockyTemplate(redis, locks);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTemplate {

		@Bean
		LockyTemplate ownTemplate(StringRedisTemplate redis, ApplicationEventPublisher publisher) {
			return new LockyTemplate(redis, LockySettings.builder().build(), publisher);
		}

	}

	/** Like a factory of Jedis: it has no reactive connections. */
	private record BlockingConnectionFactory(RedisConnectionFactory redis) implements RedisConnectionFactory {

		@Override
		public boolean getConvertPipelineAndTxResults() {
			return this.redis.getConvertPipelineAndTxResults();
		}

		@Override
		public RedisConnection getConnection() {
			return this.redis.getConnection();
		}

		@Override
		public RedisClusterConnection getClusterConnection() {
			return this.redis.getClusterConnection();
		}

		@Override
		public RedisSentinelConnection getSentinelConnection() {
			return this.redis.getSentinelConnection();
		}

		@Override
		public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException failure) {
			return this.redis.translateExceptionIfPossible(failure);
		}

	}

}
