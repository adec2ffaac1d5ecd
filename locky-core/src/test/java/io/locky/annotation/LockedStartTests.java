package io.locky.annotation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockLostException;
import io.locky.LockRequest;
import io.locky.event.LockAcquiredEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A method starts only while its locks are held. Whatever comes between the grant and the
 * start may take long: here a listener of the grant, and a scheduler without a free
 * thread, while the lock is taken over.
 */
class LockedStartTests extends AnnotationFixture {

	@AfterEach
	void useTheUsualThreads() {
		Schedulers.resetFactory();
	}

	@Test
	void methodDoesNotStartAfterItsLockWasTakenOver() {
		run((context, articles) -> {
			context.getBean(Thief.class).active = true;
			assertThatExceptionOfType(LockLostException.class).isThrownBy(() -> articles.value("tea"));
			assertThatExceptionOfType(LockLostException.class).isThrownBy(() -> articles.future("coffee"));
			assertThat(articles.started()).isZero();
			assertThat(locks(context).getLocker("tea")).isEqualTo("thief");
		});
	}

	@Test
	void lockThatIsLostDuringTheWaitForOthersPreventsTheStart() {
		run((context, articles) -> {
			locks(context).lock("b", "ann");
			CompletableFuture<Void> call = CompletableFuture.runAsync(() -> articles.both("a", "b"),
					(task) -> new Thread(task).start());
			await().until(() -> locks(context).getLocker("a") != null);
			locks(context).lock(LockRequest.of("a").by("thief").force());
			locks(context).unlock("b");
			assertThat(call).failsWithin(Duration.ofSeconds(20))
				.withThrowableThat()
				.withCauseInstanceOf(LockLostException.class);
			assertThat(articles.started()).isZero();
			assertThat(locks(context).getLocker("b")).isNull();
		});
	}

	@Test
	void monoDoesNotStartIfTheLockIsLostWhileItWaitsForAThread() {
		Schedulers.setFactory(new Schedulers.Factory() {
			@Override
			public Scheduler newBoundedElastic(int threads, int queue, ThreadFactory factory, int ttl) {
				return Schedulers.Factory.super.newBoundedElastic(1, queue, factory, ttl);
			}
		});
		run((context, articles) -> {
			CountDownLatch busy = new CountDownLatch(1);
			Schedulers.boundedElastic().schedule(() -> hold(busy));
			CompletableFuture<String> result = articles.mono("tea").toFuture();
			await().until(() -> locks(context).getLocker("tea") != null);
			locks(context).lock(LockRequest.of("tea").by("thief").force());
			busy.countDown();
			assertThat(result).failsWithin(Duration.ofSeconds(20))
				.withThrowableThat()
				.withCauseInstanceOf(LockLostException.class);
			assertThat(articles.started()).isZero();
		});
	}

	/** The method may block, and a cancelled subscription cannot stop it. */
	@Test
	void cancelledSubscriptionKeepsTheLockUntilItsMethodReturns() {
		run((context, articles) -> {
			CompletableFuture<Void> work = new CompletableFuture<>();
			Disposable subscription = articles.blocking("tea", work).subscribe();
			await().until(() -> articles.started() == 1);
			subscription.dispose();
			await().during(Duration.ofMillis(300)).until(() -> locks(context).getLocker("tea") != null);
			work.complete(null);
			await().until(() -> locks(context).getLocker("tea") == null);
		});
	}

	private static void hold(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void run(Scene scene) {
		this.application.withBean(Articles.class)
			.withBean(Thief.class)
			.run((context) -> scene.run(context, context.getBean(Articles.class)));
	}

	interface Scene {

		void run(ApplicationContext context, Articles articles) throws Throwable;

	}

	static class Thief {

		private final ApplicationContext context;

		private volatile boolean active;

		Thief(ApplicationContext context) {
			this.context = context;
		}

		@EventListener
		void on(LockAcquiredEvent event) {
			if (this.active && !event.getLocker().equals("thief")) {
				locks(this.context).lock(LockRequest.of(event.getResource()).by("thief").force());
			}
		}

	}

	static class Articles {

		private final AtomicInteger started = new AtomicInteger();

		int started() {
			return this.started.get();
		}

		@Locked("#slug")
		int value(String slug) {
			return this.started.incrementAndGet();
		}

		@Locked("#slug")
		CompletableFuture<Integer> future(String slug) {
			return CompletableFuture.completedFuture(this.started.incrementAndGet());
		}

		@Locked(value = { "#one", "#other" }, waitFor = "20s")
		void both(String one, String other) {
			this.started.incrementAndGet();
		}

		@Locked("#slug")
		Mono<String> blocking(String slug, CompletableFuture<Void> work) {
			this.started.incrementAndGet();
			work.join();
			return Mono.just(slug);
		}

		@Locked("#slug")
		Mono<String> mono(String slug) {
			this.started.incrementAndGet();
			return Mono.just(slug);
		}

	}

}
