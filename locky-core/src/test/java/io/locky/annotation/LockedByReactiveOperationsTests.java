package io.locky.annotation;

import java.time.Duration;
import java.util.List;

import io.locky.LockRequiredException;
import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;
import io.locky.core.ReactiveLockyTemplate;
import io.locky.event.LockReleasedEvent;
import io.locky.testing.TestRedis;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Reactive methods in an application that has reactive operations: the same as without,
 * but no thread waits for Redis.
 */
class LockedByReactiveOperationsTests extends AnnotationFixture {

	private static TestApplication withReactiveOperations(TestApplication application) {
		return application.with((context) -> context.registerBean(ReactiveLockyOperations.class,
				() -> new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(TestRedis.connectionFactory()),
						context.getBean(LockyTemplate.class))));
	}

	@Nested
	class LockedMethods extends LockedReactiveTests {

		@Override
		TestApplication withLocks(TestApplication withAnnotations) {
			return withReactiveOperations(super.withLocks(withAnnotations));
		}

	}

	@Nested
	class LocksInTransactions extends LockedCompletionTests {

		@Override
		TestApplication withLocks(TestApplication withAnnotations) {
			return withReactiveOperations(super.withLocks(withAnnotations));
		}

	}

	@Nested
	class CallsThatWaitForEachOther extends LockedDeadlockTests {

		@Override
		TestApplication withLocks(TestApplication withAnnotations) {
			return withReactiveOperations(super.withLocks(withAnnotations));
		}

	}

	@Nested
	class SubscriptionsThatWait extends LockedReactiveWaitingTests {

		@Override
		TestApplication withLocks(TestApplication withAnnotations) {
			return withReactiveOperations(super.withLocks(withAnnotations));
		}

	}

	@Nested
	class RequiredLocks extends RequiresLockReactiveTests {

		@Override
		TestApplication withLocks(TestApplication withAnnotations) {
			return withReactiveOperations(super.withLocks(withAnnotations));
		}

	}

	@Test
	void reactiveMethodsLeaveTheBlockingOperationsAlone() {
		LockyOperations unused = ProxyFactory.getProxy(LockyOperations.class, (MethodInterceptor) (call) -> {
			throw new IllegalStateException("This blocks: " + call.getMethod());
		});
		withReactiveOperations(withLocks(TestApplication.empty()
			.with((context) -> TestApplication.registerPostProcessors(context, () -> unused))
			.withBean(Articles.class))).run((context) -> {
				Articles articles = context.getBean(Articles.class);
				LockyTemplate locks = locks(context);
				assertThat(articles.edit("tea", Flux.just(1, 2)).collectList().block()).isEqualTo(List.of(1, 2));
				Flux<String> nested = articles.edit("milk", articles.save("tea"));
				assertThat(articles.edit("tea", nested).blockLast()).isEqualTo("saved tea");
				assertThat(count(context, LockReleasedEvent.class)).isEqualTo(4);
				assertThatExceptionOfType(LockRequiredException.class).isThrownBy(() -> articles.save("tea").block());
				locks.lock("tea", "bob");
				assertThatExceptionOfType(ResourceLockedException.class)
					.isThrownBy(() -> articles.edit("tea", Mono.empty()).blockLast());
				Mono<Boolean> unlocking = Mono.delay(Duration.ofMillis(50)).map((tick) -> locks.unlock("tea"));
				assertThat(articles.await("tea").zipWith(unlocking).block()).isNotNull();
				assertThat(locks.find("tea")).isEmpty();
				assertThat(locks.find("milk")).isEmpty();
			});
	}

	static class Articles {

		@Locked(value = { "#slug", "milk" }, locker = "ann")
		<T> Flux<T> edit(String slug, Publisher<T> work) {
			return Flux.from(work);
		}

		@Locked(value = "#slug", locker = "ann", waitFor = "10s")
		Mono<String> await(String slug) {
			return Mono.just("had " + slug);
		}

		@RequiresLock(value = "#slug", locker = "ann")
		Mono<String> save(String slug) {
			return Mono.just("saved " + slug);
		}

	}

}
