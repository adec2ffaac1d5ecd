package io.locky.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.locky.LockHandle;
import io.locky.LockLostException;
import io.locky.LockRequest;
import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;
import io.locky.event.LockLostEvent;
import io.locky.event.LockReleasedEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * The locks of a call chain, and what happens if one is lost.
 */
class LockedNestingTests extends AnnotationFixture {

	@Test
	void nestedCallForTheSameResourcePasses() {
		run((context, outer, inner) -> {
			LockHandle[] seen = new LockHandle[3];
			outer.call("tea", () -> {
				seen[0] = HeldLocks.current().find("tea");
				inner.call("tea", () -> seen[1] = HeldLocks.current().find("tea"));
				seen[2] = HeldLocks.current().find("tea");
				assertThat(locks(context).getLocker("tea")).isNotNull();
				return "";
			});
			assertThat(seen[0]).isNotNull().isSameAs(seen[1]).isSameAs(seen[2]);
			assertThat(locks(context).getLocker("tea")).isNull();
			assertThat(HeldLocks.current().locks()).isEmpty();
			assertThat(released(context)).isEqualTo(1);
		});
	}

	@Test
	void nestedCallAcquiresOnlyMissingLocks() {
		run((context, outer, inner) -> outer.call("tea", () -> {
			inner.both("tea", "coffee", () -> {
				LockAssert.assertLocked("tea");
				LockAssert.assertLocked("coffee");
				return "";
			});
			assertThat(locks(context).getLocker("coffee")).isNull();
			assertThat(locks(context).getLocker("tea")).isNotNull();
			return "";
		}));
	}

	@Test
	void nestedCallForAnotherLockerIsDenied() {
		run((context, outer, inner) -> assertThatExceptionOfType(ResourceLockedException.class)
			.isThrownBy(() -> outer.call("tea", () -> inner.named("tea", "ann", () -> ""))));
	}

	@Test
	void callInAnotherThreadIsAnotherChain() {
		run((context, outer, inner) -> outer.call("tea", () -> {
			Throwable failure = CompletableFuture
				.supplyAsync(() -> catchThrowable(() -> inner.call("tea", () -> "")),
						(task) -> new Thread(task).start())
				.join();
			assertThat(failure).isInstanceOf(ResourceLockedException.class);
			return "";
		}));
	}

	@Test
	void nestedWorkThatOutlivesTheOuterCallKeepsTheLock() {
		run((context, outer, inner) -> {
			CompletableFuture<Object> work = new CompletableFuture<>();
			CompletableFuture<?>[] result = new CompletableFuture<?>[1];
			outer.call("tea", () -> {
				result[0] = inner.later("tea", work);
				return "";
			});
			assertThat(locks(context).getLocker("tea")).isNotNull();
			work.complete("done");
			assertThat(result[0].get(10, TimeUnit.SECONDS)).isEqualTo("done");
			assertThat(locks(context).getLocker("tea")).isNull();
		});
	}

	@Test
	void futureLeavesNoLockToTheCallingThread() {
		run((context, outer, inner) -> {
			CompletableFuture<Object> work = new CompletableFuture<>();
			CompletableFuture<?> result = outer.later("tea", work);
			assertThat(HeldLocks.current().locks()).isEmpty();
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> inner.call("tea", () -> ""));
			result.cancel(true);
			assertThat(work).isCancelled();
			await().until(() -> locks(context).getLocker("tea") == null);
		});
	}

	@Test
	void blockingNestedReactiveCallPasses() {
		run((context, outer,
				inner) -> assertThat(outer.call("tea", () -> String.valueOf(inner.reactive("tea").block())))
					.isEqualTo("done"));
	}

	@Test
	void lockAssertCatchesACallThroughThis() {
		run((context, outer, inner) -> {
			outer.asserting("tea");
			assertThatIllegalStateException().isThrownBy(() -> outer.throughThis("tea"))
				.withMessageStartingWith("'tea' is not locked by @Locked in this call chain");
		});
	}

	@Test
	void lostLockIsReportedAtTheEndOfTheCall() {
		run((context, outer, inner) -> {
			Supplier<Object> losing = () -> locks(context).lock(LockRequest.of("tea").by("thief").force());
			assertThatExceptionOfType(LockLostException.class).isThrownBy(() -> outer.call("tea", losing))
				.satisfies((ex) -> assertThat(ex).returns("tea", LockLostException::getResource));
			await().until(() -> lost(context) == 1);
			assertThat(locks(context).unlock("tea", "thief")).isTrue();
			assertThat(outer.careless("tea", losing)).isEqualTo(true);
			assertThat(locks(context).unlock("tea", "thief")).isTrue();
			Throwable failure = catchThrowable(() -> outer.call("tea", () -> {
				losing.get();
				throw new IllegalArgumentException("broken");
			}));
			assertThat(failure).isInstanceOf(IllegalArgumentException.class);
			assertThat(failure.getSuppressed()).hasExactlyElementsOfTypes(LockLostException.class);
		});
	}

	@Test
	void takeoverByAnotherInstanceIsNoticedAtTheRelease() {
		LockyTemplate elsewhere = this.fixture.template(null);
		run((context, outer, inner) -> {
			assertThatExceptionOfType(LockLostException.class)
				.isThrownBy(() -> outer.call("tea", () -> elsewhere.lock(LockRequest.of("tea").by("thief").force())));
			await().until(() -> lost(context) == 1);
			assertThat(elsewhere.getLocker("tea")).isEqualTo("thief");
		});
	}

	private void run(Scene scene) {
		this.application.withBean("outer", Chain.class).withBean("inner", Chain.class).run((context) -> {
			scene.run(context, context.getBean("outer", Chain.class), context.getBean("inner", Chain.class));
		});
	}

	private static long released(ApplicationContext context) {
		return count(context, LockReleasedEvent.class);
	}

	private static long lost(ApplicationContext context) {
		return count(context, LockLostEvent.class);
	}

	interface Scene {

		void run(ApplicationContext context, Chain outer, Chain inner) throws Throwable;

	}

	static class Chain {

		@Locked("#resource")
		@Nullable Object call(String resource, Supplier<? extends @Nullable Object> work) {
			return work.get();
		}

		@Locked({ "#one", "#other" })
		Object both(String one, String other, Supplier<Object> work) {
			return work.get();
		}

		@Locked(value = "#resource", locker = "#user")
		Object named(String resource, String user, Supplier<Object> work) {
			return work.get();
		}

		@Locked(value = "#resource", onLost = OnLost.LOG)
		Object careless(String resource, Supplier<Object> work) {
			return work.get();
		}

		@Locked("#resource")
		CompletableFuture<Object> later(String resource, CompletableFuture<Object> work) {
			return work;
		}

		@Locked("#resource")
		Mono<String> reactive(String resource) {
			return Mono.just("done");
		}

		@Locked("#resource")
		void asserting(String resource) {
			LockAssert.assertLocked(resource);
		}

		void throughThis(String resource) {
			asserting(resource);
		}

	}

}
