package io.locky.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Methods whose work goes on after they return.
 */
class LockedAsyncTests {

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.prefix=" + this.fixture.prefix())
		.withUserConfiguration(AsyncConfiguration.class)
		.withBean(Articles.class);

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void asyncMethodHoldsTheLockWhileItRuns() {
		this.contextRunner.run((context) -> {
			LockyTemplate locks = context.getBean(LockyTemplate.class);
			CountDownLatch goOn = new CountDownLatch(1);
			context.getBean(Articles.class).inBackground("tea", goOn);
			await().until(() -> locks.getLocker("tea") != null);
			goOn.countDown();
			await().until(() -> locks.getLocker("tea") == null);
		});
	}

	@Test
	void futureHoldsTheLockUntilItIsCompleted() {
		this.contextRunner.run((context) -> {
			LockyTemplate locks = context.getBean(LockyTemplate.class);
			CompletableFuture<String> work = new CompletableFuture<>();
			CompletableFuture<String> result = context.getBean(Articles.class).later("tea", work);
			assertThat(locks.getLocker("tea")).startsWith("Articles.later/");
			work.complete("done");
			assertThat(result.get()).isEqualTo("done");
			assertThat(locks.getLocker("tea")).isNull();
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class AsyncConfiguration {

	}

	static class Articles {

		@Async
		@Locked("#slug")
		void inBackground(String slug, CountDownLatch goOn) throws InterruptedException {
			goOn.await();
		}

		@Locked("#slug")
		CompletableFuture<String> later(String slug, CompletableFuture<String> work) {
			return work;
		}

	}

}
