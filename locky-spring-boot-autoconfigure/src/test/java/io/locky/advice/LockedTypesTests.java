package io.locky.advice;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.locky.LockerResolver;
import io.locky.ResourceLockedException;
import io.locky.annotation.AmbiguousLockerException;
import io.locky.annotation.InvalidLockedMethodException;
import io.locky.annotation.LockAssert;
import io.locky.annotation.Locked;
import io.locky.annotation.OnDenied;
import io.reactivex.rxjava3.core.Single;
import jakarta.annotation.PostConstruct;
import kotlin.coroutines.Continuation;
import kotlinx.coroutines.Deferred;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.flow.Flow;
import kotlinx.coroutines.flow.FlowKt;
import kotlinx.coroutines.future.FutureKt;
import kotlinx.coroutines.reactor.ReactorFlowKt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Types of other libraries, supported or refused at start-up.
 */
class LockedTypesTests extends AnnotatedFixture {

	@Test
	void flowAndDeferredOfKotlinAreLockedToTheirEnd() {
		this.application.withBean(Coroutines.class).run((context) -> {
			Coroutines coroutines = context.getBean(Coroutines.class);
			assertThat(ReactorFlowKt.asFlux(coroutines.flow()).collectList().block()).containsExactly("locked");
			assertThat(FutureKt.asCompletableFuture(coroutines.deferred()).get()).isEqualTo("locked");
			assertThat(acquired()).isEqualTo(2);
			this.locks.lock("tea", "ann");
			assertThatExceptionOfType(ResourceLockedException.class)
				.isThrownBy(() -> ReactorFlowKt.asFlux(coroutines.flow()).blockLast());
		});
	}

	@Test
	void whatCannotWorkIsRefused() {
		assertRefused(Suspending.class, "it is a suspending function, whose end cannot be observed");
		assertRefused(Jobs.class, "it returns a Job, whose end cannot be observed");
		assertRefused(SkippedSingle.class, "there is no empty Single to return when it is skipped");
		assertRefused(AfterConstruction.class, "Spring calls it on the bean itself");
	}

	@Test
	void severalLockerResolversAreRefusedUnlessOneIsPrimary() {
		var two = this.application.withBean("ann", LockerResolver.class, () -> () -> "ann")
			.withBean("bob", LockerResolver.class, () -> () -> "bob");
		two.run((context) -> assertThat(context).getFailure()
			.isInstanceOfSatisfying(AmbiguousLockerException.class, (failure) -> {
				assertThat(failure).hasMessage("There are several LockerResolver beans: [ann, bob]");
				assertThat(failure.getAction()).contains("@Primary");
			}));
		two.withBean("eve", LockerResolver.class, () -> () -> "eve", (bean) -> bean.setPrimary(true))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private void assertRefused(Class<?> bean, String problem) {
		this.application.withBean(bean)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidLockedMethodException.class)
				.hasMessageContaining(problem));
	}

	private static String held() {
		LockAssert.assertLocked("tea");
		return "locked";
	}

	static class Coroutines {

		@Locked("tea")
		Flow<String> flow() {
			return FlowKt.flowOf(held());
		}

		@Locked("tea")
		Deferred<String> deferred() {
			return FutureKt.asDeferred(CompletableFuture.completedFuture(held()));
		}

	}

	static class Suspending {

		@Locked("tea")
		@Nullable Object edit(Continuation<String> continuation) {
			return null;
		}

	}

	static class Jobs {

		@Locked("tea")
		@Nullable Job start() {
			return null;
		}

	}

	static class SkippedSingle {

		@Locked(value = "tea", onDenied = OnDenied.SKIP)
		Single<List<String>> edit() {
			return Single.just(List.of());
		}

	}

	static class AfterConstruction {

		@Locked("tea")
		@PostConstruct
		void edit() {
		}

	}

}
