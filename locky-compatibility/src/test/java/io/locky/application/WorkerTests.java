package io.locky.application;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.locky.LockRequest;
import io.locky.ResourceLockedException;
import io.locky.autoconfigure.LockyRedis;
import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * An application without a web server.
 */
class WorkerTests {

	@ParameterizedTest
	@ValueSource(strings = { "spring.data.redis.client-type=lettuce", "spring.data.redis.client-type=jedis",
			"spring.threads.virtual.enabled=true", "spring.main.lazy-initialization=true",
			"locky.events.broadcast=true" })
	void worksWith(String property) throws Exception {
		assertThat(Applications.redisPort()).as("Redis has started").isPositive();
		Set<Thread> before = userThreads();
		try (ConfigurableApplicationContext application = Applications.start(WebApplicationType.NONE, Worker.class,
				property)) {
			LockyTemplate locks = application.getBean(LockyTemplate.class);
			Desk desk = application.getBean(Desk.class);
			assertThat(locks.lock(LockRequest.of("article:1").by("ann").ttl(Duration.ofMillis(300)))).isTrue();
			await().atMost(Duration.ofSeconds(20)).until(() -> desk.expired().equals(List.of("article:1")));
			assertThat(desk.edit(1)).isEqualTo("edited 1");
			CompletableFuture<String> slow = CompletableFuture.supplyAsync(() -> editSlowly(desk));
			await().atMost(Duration.ofSeconds(20)).until(desk::hasStarted);
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> desk.edit(2));
			desk.endSlowEdit();
			assertThat(slow.get(20, TimeUnit.SECONDS)).isEqualTo("edited 2");
			assertThat(locks.find("article:2")).isEmpty();
		}
		await().pollInSameThread()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(userThreads()).isSubsetOf(before));
	}

	private static String editSlowly(Desk desk) {
		try {
			return desk.editSlowly(2);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Those that keep the JVM alive, without those of the test. */
	private static Set<Thread> userThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.isDaemon())
			.collect(Collectors.toSet());
	}

	@Test
	void locksAreInTheRedisThatIsMarked() {
		try (ConfigurableApplicationContext application = Applications.start(WebApplicationType.NONE,
				TwoRedisServers.class)) {
			LockyTemplate locks = application.getBean(LockyTemplate.class);
			assertThat(locks.lock("article:1", "ann")).isTrue();
			assertThat(application.getBean(Desk.class).edit(2)).isEqualTo("edited 2");
		}
	}

	/** The factories of the page on configuration. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TwoRedisServers {

		@Bean
		@Primary
		LettuceConnectionFactory cacheRedis() {
			return new LettuceConnectionFactory(new RedisStandaloneConfiguration("localhost", 1));
		}

		@Bean
		@LockyRedis
		LettuceConnectionFactory lockRedis() {
			return new LettuceConnectionFactory(
					new RedisStandaloneConfiguration("localhost", Applications.redisPort()));
		}

		@Bean
		Desk desk() {
			return new Desk();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Worker {

		@Bean
		Desk desk() {
			return new Desk();
		}

	}

}
