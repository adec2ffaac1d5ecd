package io.locky.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Methods whose work continues after they return.
 */
class LockedAsyncTests extends AnnotationFixture {

	@Test
	void asyncMethodHoldsTheLockWhileItRuns() {
		run((context) -> {
			LockyTemplate locks = locks(context);
			CountDownLatch goOn = new CountDownLatch(1);
			context.getBean(Articles.class).inBackground("tea", goOn);
			await().until(() -> locks.getLocker("tea") != null);
			goOn.countDown();
			await().until(() -> locks.getLocker("tea") == null);
		});
	}

	@Test
	void futureHoldsTheLockUntilItIsCompleted() {
		run((context) -> {
			LockyTemplate locks = locks(context);
			CompletableFuture<String> work = new CompletableFuture<>();
			CompletableFuture<String> result = context.getBean(Articles.class).later("tea", work);
			assertThat(locks.getLocker("tea")).startsWith("Articles.later/");
			work.complete("done");
			assertThat(result.get()).isEqualTo("done");
			assertThat(locks.getLocker("tea")).isNull();
		});
	}

	private void run(TestApplication.Action action) {
		this.application.withConfiguration(AsyncConfiguration.class).withBean(Articles.class).run(action);
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
