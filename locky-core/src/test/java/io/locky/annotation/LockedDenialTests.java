package io.locky.annotation;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Calls that are denied their lock.
 */
class LockedDenialTests extends AnnotationFixture {

	@Test
	void skippedCallReturnsAnEmptyResult() {
		run((context) -> {
			locks(context).lock("tea", "ann");
			Articles articles = articles(context);
			articles.skipVoid("tea");
			assertThat(articles.skip("tea")).isNull();
			assertThat(articles.skipOptional("tea")).isEmpty();
			assertThat(articles.skipInt("tea")).isEmpty();
			assertThat(articles.skipFuture("tea").get(10, TimeUnit.SECONDS)).isNull();
			assertThat(articles.skipMono("tea").blockOptional()).isEmpty();
			assertThat(articles.skipFlux("tea").collectList().block()).isEmpty();
			assertThat(articles.skip("coffee")).isEqualTo("ran");
		});
	}

	@Test
	void deniedCallRunsTheFallback() {
		run((context) -> {
			locks(context).lock("tea", "ann");
			assertThat(articles(context).guarded("tea")).isEqualTo("tea is edited by ann");
			assertThat(articles(context).count("tea")).isEqualTo(-1);
			assertThat(articles(context).reactive("tea").block()).isEqualTo("tea is edited by ann");
			assertThatIllegalArgumentException().isThrownBy(() -> articles(context).failing("tea"))
				.withMessage("no tea");
			assertThat(articles(context).guarded("coffee")).isEqualTo("ran");
		});
	}

	@Test
	void denialThrownByTheMethodCallsNoFallback() {
		run((context) -> {
			locks(context).lock("inner", "ann");
			assertThatExceptionOfType(ResourceLockedException.class)
				.isThrownBy(() -> articles(context).deniedWithin("tea"))
				.withMessage("'inner' is locked by 'ann'");
		});
	}

	private void run(TestApplication.Action action) {
		this.application.withBean(Articles.class).run(action);
	}

	private static Articles articles(ApplicationContext context) {
		return context.getBean(Articles.class);
	}

	static class Articles {

		private final LockyTemplate locks;

		Articles(LockyTemplate locks) {
			this.locks = locks;
		}

		@Locked(value = "#slug", onDenied = OnDenied.SKIP)
		void skipVoid(String slug) {
			throw new AssertionError("ran");
		}

		@Locked(value = "#slug", onDenied = OnDenied.SKIP)
		@Nullable String skip(String slug) {
			return "ran";
		}

		@Locked(value = "#slug", onDenied = OnDenied.SKIP)
		Optional<String> skipOptional(String slug) {
			return Optional.of("ran");
		}

		@Locked(value = "#slug", onDenied = OnDenied.SKIP)
		OptionalInt skipInt(String slug) {
			return OptionalInt.of(1);
		}

		@Locked(value = "#slug", onDenied = OnDenied.SKIP)
		CompletableFuture<String> skipFuture(String slug) {
			return CompletableFuture.completedFuture("ran");
		}

		@Locked(value = "#slug", onDenied = OnDenied.SKIP)
		Mono<String> skipMono(String slug) {
			return Mono.just("ran");
		}

		@Locked(value = "#slug", onDenied = OnDenied.SKIP)
		Flux<String> skipFlux(String slug) {
			return Flux.just("ran");
		}

		@Locked(value = "#slug", onDenied = OnDenied.FALLBACK, fallback = "whoEdits")
		String guarded(String slug) {
			return "ran";
		}

		private String whoEdits(String slug, ResourceLockedException denied) {
			return slug + " is edited by " + denied.getLock().locker();
		}

		@Locked(value = "#slug", onDenied = OnDenied.FALLBACK, fallback = "unknown")
		int count(String slug) {
			return 1;
		}

		int unknown(String slug) {
			return -1;
		}

		@Locked(value = "#slug", onDenied = OnDenied.FALLBACK, fallback = "whoEditsReactively")
		Mono<String> reactive(String slug) {
			return Mono.just("ran");
		}

		Mono<String> whoEditsReactively(String slug, ResourceLockedException denied) {
			return Mono.fromSupplier(() -> whoEdits(slug, denied));
		}

		@Locked(value = "#slug", onDenied = OnDenied.FALLBACK, fallback = "refuse")
		void failing(String slug) {
		}

		void refuse(String slug) {
			throw new IllegalArgumentException("no " + slug);
		}

		@Locked(value = "#slug", onDenied = OnDenied.FALLBACK, fallback = "refuse")
		void deniedWithin(String slug) {
			throw new ResourceLockedException(this.locks.find("inner").orElseThrow());
		}

	}

}
