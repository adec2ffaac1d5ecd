package io.locky.test.autoconfigure;

import java.time.Duration;

import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.test.InMemoryLocks;
import io.locky.test.LockClock;
import io.locky.test.RecordedLockEvents;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static io.locky.test.LockyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What {@code @AutoConfigureLocky} makes of an application.
 */
class AutoConfigureLockyTests {

	/** A port at which nothing listens, so that a connection would fail. */
	private static final String NO_REDIS = "spring.data.redis.url=redis://127.0.0.1:1";

	@Nested
	@SpringBootTest(classes = Application.class, properties = { NO_REDIS, "locky.ttl=7m", "locky.line.enabled=true" })
	@AutoConfigureLocky
	@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
	class WholeApplication {

		@Autowired
		private LockyOperations locks;

		@Autowired
		private ReactiveLockyOperations reactive;

		@Autowired
		private RecordedLockEvents events;

		@Autowired
		private ApplicationContext context;

		@Test
		void locksAreInMemoryBesideTheRedisOfTheApplication() {
			assertThat(this.locks).isInstanceOf(InMemoryLocks.class);
			assertThat(this.context.getBeansOfType(LockyTemplate.class)).isEmpty();
			assertThat(this.context.getBean(RedisConnectionFactory.class)).isInstanceOf(LettuceConnectionFactory.class);
		}

		@Test
		void reactiveOperationsAreOnTheSameLocks() {
			assertThat(this.reactive.lock("z", "ann").block()).isTrue();
			assertThat(this.locks).hasLock("z").heldBy("ann");
			assertThat(this.context.getBeansOfType(ReactiveLockyOperations.class)).hasSize(1);
		}

		@Test
		@Order(1)
		void configuredTtlApplies() {
			this.locks.lock("x", "ann");
			assertThat(this.locks).hasLock("x").heldBy("ann").expiresIn(Duration.ofMinutes(7));
			assertThat(this.events).hasAcquired("x", "ann");
		}

		@Test
		@Order(2)
		void nextTestHasNeitherLocksNorEvents() {
			assertThat(this.locks).hasNoLock("x");
			assertThat(this.events).isEmpty();
		}

	}

	@Nested
	@SpringBootTest(classes = Slice.class)
	@AutoConfigureLocky
	class PartOfAnApplication {

		@Autowired
		private LockyOperations locks;

		@Autowired
		private LockClock clock;

		@Autowired
		private ApplicationContext context;

		@Test
		void annotationsWorkWithoutOtherAutoConfiguration() {
			assertThat(this.context.getBeanNamesForType(LockyAutoConfiguration.class)).hasSize(1);
			this.locks.lock("x", "ann");
			this.clock.advance(Duration.ofDays(400));
			assertThat(this.locks).hasLock("x").expiresIn(null);
		}

	}

	@Nested
	@ExtendWith(OutputCaptureExtension.class)
	class InjectedTemplate {

		@Test
		void failureSaysWhatToInject(CapturedOutput output) {
			assertThatException()
				.isThrownBy(() -> new SpringApplicationBuilder(Slice.class, InMemory.class, NeedsTemplate.class)
					.web(WebApplicationType.NONE)
					.run());
			assertThat(output).contains("needs a LockyTemplate, but the locks of this test are in memory")
				.contains("Inject io.locky.LockyOperations, which LockyTemplate implements");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Slice {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ InMemoryLocksAutoConfiguration.class, LockyAutoConfiguration.class })
	static class InMemory {

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsTemplate {

		NeedsTemplate(LockyTemplate locks) {
			locks.status();
		}

	}

}
