package io.locky.annotation;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import io.locky.core.LockyTemplate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Futures of all kinds, and what fails after the lock was acquired.
 */
class LockedStageTests extends AnnotationFixture {

	private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

	@Test
	void completedStageReleasesTheLock() {
		run((locks, articles) -> {
			CompletionStage<String> done = articles.stage("tea", () -> CompletableFuture.completedStage("done"));
			assertThat(locks.getLocker("tea")).isNull();
			assertThat(join(done)).isEqualTo("done");
		});
	}

	@Test
	void failedStageReleasesTheLock() {
		run((locks, articles) -> {
			CompletionStage<String> failed = articles.stage("tea",
					() -> CompletableFuture.failedStage(new IOException("no")));
			assertThat(locks.getLocker("tea")).isNull();
			assertThat(catchThrowable(() -> join(failed))).hasRootCauseInstanceOf(IOException.class);
		});
	}

	@Test
	void minimalStageHoldsTheLockUntilItIsCompleted() {
		run((locks, articles) -> {
			CompletableFuture<String> work = new CompletableFuture<>();
			CompletionStage<String> result = articles.stage("tea", work::minimalCompletionStage);
			assertThat(locks.getLocker("tea")).isNotNull();
			work.complete("done");
			assertThat(join(result)).isEqualTo("done");
			assertThat(locks.getLocker("tea")).isNull();
		});
	}

	@Test
	void cancelledResultOfAMinimalStageLeavesTheLockToTheWork() {
		run((locks, articles) -> {
			CompletableFuture<String> work = new CompletableFuture<>();
			CompletionStage<String> result = articles.stage("tea", work::minimalCompletionStage);
			assertThat(result.toCompletableFuture().cancel(true)).isTrue();
			assertThat(locks.getLocker("tea")).isNotNull();
			work.complete("done");
			await().until(() -> locks.getLocker("tea") == null);
		});
	}

	@Test
	void brokenStageReleasesTheLock() {
		run((locks, articles) -> {
			assertThatIllegalStateException().isThrownBy(() -> articles.stage("tea", BrokenStage::new))
				.withMessage("broken");
			assertThat(locks.getLocker("tea")).isNull();
		});
	}

	@Test
	void brokenPublisherReleasesTheLock() {
		run((locks, articles) -> {
			assertThatIllegalStateException().isThrownBy(() -> articles.flux("tea").blockLast(TEN_SECONDS))
				.withMessage("broken");
			assertThat(locks.getLocker("tea")).isNull();
		});
	}

	@Test
	void linkageErrorOfAMonoReleasesTheLock() {
		run((locks, articles) -> {
			assertThat(failure(articles.mono("tea"))).isInstanceOf(NoSuchMethodError.class);
			assertThat(locks.getLocker("tea")).isNull();
			assertThat(failure(articles.failed("tea"))).isInstanceOf(NoSuchMethodError.class);
			assertThat(locks.getLocker("tea")).isNull();
		});
	}

	private static Throwable failure(Mono<String> mono) {
		return mono.<Throwable>map(AssertionError::new)
			.onErrorResume(Mono::just)
			.blockOptional(TEN_SECONDS)
			.orElseThrow();
	}

	private void run(Scene scene) {
		this.application.withBean(Articles.class)
			.run((context) -> scene.run(locks(context), context.getBean(Articles.class)));
	}

	static @Nullable String join(CompletionStage<String> stage) throws Exception {
		return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
	}

	interface Scene {

		void run(LockyTemplate locks, Articles articles) throws Throwable;

	}

	static class Articles {

		@Locked("#slug")
		CompletionStage<String> stage(String slug, Supplier<CompletionStage<String>> work) {
			return work.get();
		}

		@Locked("#slug")
		Flux<String> flux(String slug) {
			return Flux.from((subscriber) -> {
				throw new IllegalStateException("broken");
			});
		}

		@Locked("#slug")
		Mono<String> mono(String slug) {
			throw new NoSuchMethodError("broken");
		}

		@Locked("#slug")
		Mono<String> failed(String slug) {
			return Mono.error(new NoSuchMethodError("broken"));
		}

	}

	private static final class BrokenStage extends CompletableFuture<String> {

		@Override
		public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
			throw new IllegalStateException("broken");
		}

	}

}
