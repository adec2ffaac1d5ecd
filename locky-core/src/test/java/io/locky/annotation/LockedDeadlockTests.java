package io.locky.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Calls that wait for each other.
 */
class LockedDeadlockTests extends AnnotationFixture {

	@Test
	void laterOfTwoCallsThatWaitForEachOtherEndsAtOnce() {
		run((context, outer, inner) -> {
			CountDownLatch bothHold = new CountDownLatch(2);
			CompletableFuture<@Nullable Throwable> one = inThread(() -> outer.call("tea", () -> {
				arrive(bothHold);
				return inner.waiting("coffee");
			}));
			CompletableFuture<@Nullable Throwable> other = inThread(() -> outer.call("coffee", () -> {
				arrive(bothHold);
				return inner.waiting("tea");
			}));
			CompletableFuture.anyOf(one, other).get(20, TimeUnit.SECONDS);
			Throwable failureOfOne = one.get(20, TimeUnit.SECONDS);
			Throwable failureOfOther = other.get(20, TimeUnit.SECONDS);
			assertThat((failureOfOne == null) != (failureOfOther == null)).isTrue();
			assertThat((failureOfOne != null) ? failureOfOne : failureOfOther)
				.isInstanceOf(ResourceLockedException.class)
				.hasMessageContaining("wait for each other")
				.hasMessageContaining("'tea'")
				.hasMessageContaining("'coffee'");
		});
	}

	@Test
	void waitOfThreeInACircleIsFound() {
		run((context, outer, inner) -> {
			CountDownLatch allHold = new CountDownLatch(3);
			String[] names = { "tea", "coffee", "cocoa" };
			CompletableFuture<?>[] calls = new CompletableFuture<?>[3];
			for (int i = 0; i < 3; i++) {
				String next = names[(i + 1) % 3];
				String own = names[i];
				calls[i] = inThread(() -> outer.call(own, () -> {
					arrive(allHold);
					return inner.waiting(next);
				}));
			}
			int failed = 0;
			for (CompletableFuture<?> call : calls) {
				failed += (call.get(20, TimeUnit.SECONDS) != null) ? 1 : 0;
			}
			assertThat(failed).isEqualTo(1);
		});
	}

	@Test
	void reactiveCallsThatWaitForEachOtherAreFound() {
		run((context, outer, inner) -> {
			CountDownLatch bothHold = new CountDownLatch(2);
			CompletableFuture<@Nullable Throwable> one = inThread(() -> outer.call("tea", () -> {
				arrive(bothHold);
				return inner.reactive("coffee").block();
			}));
			CompletableFuture<@Nullable Throwable> other = inThread(() -> outer.call("coffee", () -> {
				arrive(bothHold);
				return inner.waiting("tea");
			}));
			Throwable failureOfOne = one.get(20, TimeUnit.SECONDS);
			Throwable failureOfOther = other.get(20, TimeUnit.SECONDS);
			assertThat((failureOfOne == null) != (failureOfOther == null)).isTrue();
		});
	}

	/** The other half of the circle is on another instance: only the time-out ends it. */
	@Test
	void waitThatEndsWhileAnotherLockIsHeldNamesBoth() {
		run((context, outer, inner) -> {
			LockyTemplate elsewhere = this.fixture.template(null);
			elsewhere.lock("coffee", "ann");
			assertThatExceptionOfType(ResourceLockedException.class)
				.isThrownBy(() -> outer.call("tea", () -> inner.shortly("coffee")))
				.withMessageContaining("'coffee' is locked by 'ann'")
				.withMessageContaining("'tea'");
		});
	}

	private static void arrive(CountDownLatch latch) {
		latch.countDown();
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static CompletableFuture<@Nullable Throwable> inThread(Supplier<?> work) {
		return CompletableFuture.supplyAsync(() -> catchThrowable(work::get), (task) -> new Thread(task).start());
	}

	private void run(Scene scene) {
		this.application.withBean("outer", Chain.class)
			.withBean("inner", Chain.class)
			.run((context) -> scene.run(context, context.getBean("outer", Chain.class),
					context.getBean("inner", Chain.class)));
	}

	interface Scene {

		void run(ApplicationContext context, Chain outer, Chain inner) throws Throwable;

	}

	static class Chain {

		@Locked("#resource")
		@Nullable Object call(String resource, Supplier<? extends @Nullable Object> work) {
			return work.get();
		}

		@Locked(value = "#resource", waitFor = "15s")
		String waiting(String resource) {
			return resource;
		}

		@Locked(value = "#resource", waitFor = "100ms")
		String shortly(String resource) {
			return resource;
		}

		@Locked(value = "#resource", waitFor = "15s")
		Mono<String> reactive(String resource) {
			return Mono.just(resource);
		}

	}

}
