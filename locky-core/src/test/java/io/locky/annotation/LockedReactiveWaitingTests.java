package io.locky.annotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockQuery;
import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Subscriptions that wait for a lock, in an application whose scheduler for blocking work
 * has few threads.
 */
class LockedReactiveWaitingTests extends AnnotationFixture {

	private static final int SUBSCRIBERS = 40;

	@BeforeEach
	void useFewThreads() {
		Schedulers.setFactory(new Schedulers.Factory() {
			@Override
			public Scheduler newBoundedElastic(int threads, int queue, ThreadFactory factory, int ttl) {
				return Schedulers.Factory.super.newBoundedElastic(4, queue, factory, ttl);
			}
		});
	}

	@AfterEach
	void useTheUsualThreads() {
		Schedulers.resetFactory();
	}

	@Test
	void moreSubscribersThanThreadsAreAllServed() {
		run((context, articles) -> {
			List<CompletableFuture<Long>> results = new ArrayList<>();
			for (int i = 0; i < SUBSCRIBERS; i++) {
				results.add(articles.count("tea").toFuture());
			}
			for (CompletableFuture<Long> result : results) {
				assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(1);
			}
			assertThat(articles.counted()).isEqualTo(SUBSCRIBERS);
			assertThat(locks(context).list(LockQuery.all()).locks()).isEmpty();
		});
	}

	@Test
	void waitingSubscribersLeaveTheSchedulerToOthers() {
		run((context, articles) -> {
			LockyTemplate locks = locks(context);
			locks.lock("tea", "ann");
			List<CompletableFuture<Long>> results = new ArrayList<>();
			for (int i = 0; i < SUBSCRIBERS; i++) {
				results.add(articles.count("tea").toFuture());
			}
			// Ends at all only if no wait has the threads: the lock is not free.
			for (int i = 0; i < SUBSCRIBERS; i++) {
				Mono<String> unrelated = Mono.fromSupplier(() -> "done").subscribeOn(Schedulers.boundedElastic());
				assertThat(unrelated.block(Duration.ofSeconds(8))).isEqualTo("done");
			}
			assertThat(results).noneMatch(CompletableFuture::isDone);
			locks.unlock("tea");
			for (CompletableFuture<Long> result : results) {
				assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(1);
			}
		});
	}

	@Test
	void busySchedulerDoesNotDelayTheRelease() {
		run((context, articles) -> {
			CompletableFuture<Void> busy = new CompletableFuture<>();
			CompletableFuture<Long> work = new CompletableFuture<>();
			CompletableFuture<Long> result = articles.work("tea", work).toFuture();
			await().until(() -> articles.counted() == 1);
			Flux.range(0, 8)
				.flatMap((i) -> Mono.fromRunnable(busy::join).subscribeOn(Schedulers.boundedElastic()))
				.subscribe();
			work.complete(1L);
			assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo(1);
			assertThat(locks(context).getLocker("tea")).isNull();
			busy.complete(null);
		});
	}

	private void run(Scene scene) {
		this.application.withBean(Articles.class).run((context) -> scene.run(context, context.getBean(Articles.class)));
	}

	interface Scene {

		void run(ApplicationContext context, Articles articles) throws Throwable;

	}

	static class Articles {

		private final AtomicInteger counted = new AtomicInteger();

		private final AtomicInteger running = new AtomicInteger();

		int counted() {
			return this.counted.get();
		}

		/** The number of bodies that run at once. */
		@Locked(value = "#slug", waitFor = "10s")
		Mono<Long> count(String slug) {
			long now = this.running.incrementAndGet();
			this.counted.incrementAndGet();
			return Mono.delay(Duration.ofMillis(10)).map((tick) -> {
				this.running.decrementAndGet();
				return now;
			});
		}

		@Locked("#slug")
		Mono<Long> work(String slug, CompletableFuture<Long> work) {
			this.counted.incrementAndGet();
			return Mono.fromFuture(work);
		}

	}

}
