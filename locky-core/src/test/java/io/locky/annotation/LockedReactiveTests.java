package io.locky.annotation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockLostException;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Methods that return a reactive type.
 */
class LockedReactiveTests extends AnnotationFixture {

	@Test
	void monoHoldsTheLockFromItsSubscriptionToItsEnd() {
		run((context, articles) -> {
			Sinks.One<String> work = Sinks.one();
			Mono<String> locked = articles.mono("tea", work.asMono());
			assertThat(locks(context).getLocker("tea")).isNull();
			CompletableFuture<String> result = locked.toFuture();
			await().until(() -> locks(context).getLocker("tea") != null);
			work.tryEmitValue("done");
			assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("done");
			assertThat(locks(context).getLocker("tea")).isNull();
			assertThat(articles.mono("tea", Mono.just("again")).block()).isEqualTo("again");
		});
	}

	@Test
	void eachSubscriptionLocksAndCallsTheMethod() {
		run((context, articles) -> {
			Mono<Integer> counted = articles.counted("tea");
			assertThat(counted.block()).isEqualTo(1);
			assertThat(counted.block()).isEqualTo(2);
			assertThat(count(context, LockAcquiredEvent.class)).isEqualTo(2);
			assertThat(count(context, LockReleasedEvent.class)).isEqualTo(2);
		});
	}

	@Test
	void fluxHoldsTheLockUntilItsLastElement() {
		run((context, articles) -> {
			Flux<String> holders = Flux.range(0, 3)
				.publishOn(Schedulers.boundedElastic())
				.map((i) -> String.valueOf(locks(context).getLocker("tea")));
			assertThat(articles.flux("tea", holders).collectList().block()).hasSize(3)
				.allMatch((holder) -> holder.startsWith("Articles.flux/"));
			assertThat(locks(context).getLocker("tea")).isNull();
		});
	}

	@Test
	void failureAndCancellationReleaseTheLock() {
		run((context, articles) -> {
			Throwable failure = catchThrowable(() -> articles.mono("tea", Mono.error(new IOException("no"))).block());
			assertThat(failure).hasRootCauseInstanceOf(IOException.class);
			assertThat(locks(context).getLocker("tea")).isNull();
			Disposable endless = articles.flux("tea", Flux.never()).subscribe();
			await().until(() -> locks(context).getLocker("tea") != null);
			endless.dispose();
			await().until(() -> locks(context).getLocker("tea") == null);
		});
	}

	@Test
	void deniedSubscriptionFailsAndDoesNotCallTheMethod() {
		run((context, articles) -> {
			locks(context).lock("tea", "ann");
			Mono<Integer> denied = articles.counted("tea");
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(denied::block);
			assertThat(articles.calls()).isZero();
		});
	}

	@Test
	void nonBlockingThreadIsNeverBlocked() {
		run((context, articles) -> {
			Mono<String> locked = articles.mono("tea", Mono.delay(Duration.ofMillis(10)).map(String::valueOf));
			String result = locked.subscribeOn(Schedulers.parallel()).block();
			assertThat(result).isEqualTo("0");
			assertThat(articles.threads()).allMatch((name) -> name.startsWith("boundedElastic"));
		});
	}

	@Test
	void nestedReactiveCallPasses() {
		run((context, articles) -> {
			Mono<Integer> nested = Mono.defer(() -> articles.counted("tea")).subscribeOn(Schedulers.parallel());
			assertThat(articles.mono("tea", nested.map(String::valueOf)).block()).isEqualTo("1");
			assertThat(count(context, LockAcquiredEvent.class)).isEqualTo(1);
			assertThat(count(context, LockReleasedEvent.class)).isEqualTo(1);
		});
	}

	@Test
	void lockAssertPassesInAReactiveMethod() {
		run((context, articles) -> {
			assertThat(articles.asserting("tea").block()).isEqualTo("tea");
			assertThat(HeldLocks.current().locks()).isEmpty();
		});
	}

	@Test
	void lostLockFailsThePublisher() {
		run((context, articles) -> {
			Mono<String> losing = Mono
				.fromSupplier(() -> "" + locks(context).lock(LockRequest.of("tea").by("thief").force()));
			assertThatExceptionOfType(LockLostException.class).isThrownBy(() -> articles.mono("tea", losing).block());
			assertThat(locks(context).getLocker("tea")).isEqualTo("thief");
		});
	}

	/**
	 * A subscription that is cancelled at any moment, also while it acquires the lock,
	 * leaves no lock behind.
	 */
	@Test
	void cancellationAtAnyMomentLeavesNoLock() {
		ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
		run((context, articles) -> {
			List<Disposable> subscriptions = new ArrayList<>();
			for (int i = 0; i < 300; i++) {
				Disposable subscription = articles.mono("tea:" + i % 100, Mono.never()).subscribe((value) -> {
				}, (ex) -> {
				});
				subscriptions.add(subscription);
				scheduler.schedule(subscription::dispose, ThreadLocalRandom.current().nextInt(50_000),
						TimeUnit.MICROSECONDS);
			}
			await().until(() -> subscriptions.stream().allMatch(Disposable::isDisposed));
			LockyTemplate locks = locks(context);
			await().until(() -> locks.list(LockQuery.all()).locks().isEmpty());
		});
		scheduler.shutdown();
	}

	/**
	 * The listener of the acquired event runs before the attempt returns: the
	 * subscription is cancelled while the listener runs.
	 */
	@Test
	void cancellationJustAfterTheGrantReleasesTheLock() {
		this.application.withBean(Articles.class).withBean(Pause.class).run((context) -> {
			Pause pause = context.getBean(Pause.class);
			Disposable subscription = context.getBean(Articles.class).mono("pause", Mono.never()).subscribe();
			assertThat(pause.reached.await(10, TimeUnit.SECONDS)).isTrue();
			subscription.dispose();
			await().until(() -> count(context, LockReleasedEvent.class) == 1);
			assertThat(locks(context).getLocker("pause")).isNull();
		});
	}

	static class Pause {

		private final CountDownLatch reached = new CountDownLatch(1);

		@EventListener
		void on(LockAcquiredEvent event) {
			this.reached.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	private void run(Scene scene) {
		this.application.withBean(Articles.class).run((context) -> scene.run(context, context.getBean(Articles.class)));
	}

	interface Scene {

		void run(ApplicationContext context, Articles articles) throws Throwable;

	}

	static class Articles {

		private final AtomicInteger calls = new AtomicInteger();

		private final List<String> threads = new CopyOnWriteArrayList<>();

		int calls() {
			return this.calls.get();
		}

		List<String> threads() {
			return this.threads;
		}

		@Locked("#slug")
		<T> Mono<T> mono(String slug, Mono<T> work) {
			this.threads.add(Thread.currentThread().getName());
			return work;
		}

		@Locked("#slug")
		<T> Flux<T> flux(String slug, Flux<T> work) {
			return work;
		}

		@Locked("#slug")
		Mono<Integer> counted(String slug) {
			return Mono.just(this.calls.incrementAndGet());
		}

		@Locked("#slug")
		Mono<String> asserting(String slug) {
			LockAssert.assertLocked(slug);
			return Mono.just(slug);
		}

	}

}
