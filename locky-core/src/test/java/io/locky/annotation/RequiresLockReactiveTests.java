package io.locky.annotation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.LockRequiredException;
import io.locky.LockerResolver;
import io.locky.ReactiveLockerResolver;
import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Reactive methods that require a lock.
 */
class RequiresLockReactiveTests extends AnnotationFixture {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final LockyTemplate locks = this.fixture.template(null);

	private final TestApplication withoutUser = this.application.withBean(Articles.class);

	private final TestApplication withUser = this.withoutUser.withBean(ReactiveLockerResolver.class,
			() -> () -> Mono.deferContextual((context) -> Mono.justOrEmpty(context.getOrEmpty("user"))));

	@Test
	void monoIsCheckedForTheUserOfEachSubscription() {
		this.withUser.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			Mono<String> save = articles.save(12);
			Mono<String> byAnn = save.contextWrite((values) -> values.put("user", "ann"));
			assertThatExceptionOfType(LockRequiredException.class).isThrownBy(() -> byAnn.block(TIMEOUT));
			assertThat(articles.threads()).hasSize(0);
			this.locks.lock("article:12", "ann");
			assertThat(byAnn.block(TIMEOUT)).isEqualTo("saved");
			assertThat(byAnn.block(TIMEOUT)).isEqualTo("saved");
			assertThatExceptionOfType(ResourceLockedException.class)
				.isThrownBy(() -> save.contextWrite((values) -> values.put("user", "bob")).block(TIMEOUT));
			assertThat(articles.threads()).hasSize(2);
			this.locks.unlock("article:12");
			assertThatExceptionOfType(LockRequiredException.class).isThrownBy(() -> byAnn.block(TIMEOUT));
		});
	}

	@Test
	void fluxIsCheckedOnceAndItsElementsPass() {
		this.withUser.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			Mono<List<Integer>> list = articles.parts("article:12").collectList();
			assertThatExceptionOfType(LockRequiredException.class)
				.isThrownBy(() -> list.contextWrite((values) -> values.put("user", "ann")).block(TIMEOUT));
			this.locks.lock("article:12", "ann");
			assertThat(list.contextWrite((values) -> values.put("user", "ann")).block(TIMEOUT)).containsExactly(1, 2,
					3);
		});
	}

	@Test
	void subscriptionOnAnEventLoopDoesNotBlockIt() {
		this.withUser.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			this.locks.lock("article:12", "ann");
			String saved = articles.save(12)
				.contextWrite((values) -> values.put("user", "ann"))
				.subscribeOn(Schedulers.parallel())
				.block(TIMEOUT);
			assertThat(saved).isEqualTo("saved");
			assertThat(articles.threads()).singleElement().asString().startsWith("boundedElastic-");
		});
	}

	@Test
	void blockingResolverIsCalledOnTheSubscribingThread() {
		ThreadLocal<String> user = new ThreadLocal<>();
		this.withoutUser.withBean(LockerResolver.class, () -> user::get).run((context) -> {
			this.locks.lock("article:12", "ann");
			Mono<String> save = context.getBean(Articles.class).save(12);
			user.set("bob");
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> save.block(TIMEOUT));
			user.set("ann");
			assertThat(save.block(TIMEOUT)).isEqualTo("saved");
			user.remove();
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> save.block(TIMEOUT))
				.withMessageContaining("has no locker to check the lock against");
		});
	}

	@Test
	void wrongArgumentAndFailureAreErrorsOfTheChain() {
		this.withUser.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			Mono<Integer> wrong = articles.parts("").next();
			assertThatIllegalArgumentException().isThrownBy(() -> wrong.block(TIMEOUT))
				.withMessageContaining("Articles.parts cannot name the lock it requires");
			this.locks.lock("article:12", "ann");
			Mono<String> failing = articles.fail("article:12", "ann");
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> failing.block(TIMEOUT));
		});
	}

	static class Articles {

		private final List<String> threads = new CopyOnWriteArrayList<>();

		List<String> threads() {
			return this.threads;
		}

		@RequiresLock("article:#<id>")
		Mono<String> save(long id) {
			this.threads.add(Thread.currentThread().getName());
			return Mono.just("saved");
		}

		@RequiresLock("#resource")
		Flux<Integer> parts(String resource) {
			return Flux.just(1, 2, 3);
		}

		@RequiresLock(value = "#resource", locker = "#user")
		Mono<String> fail(String resource, String user) {
			throw new UnsupportedOperationException();
		}

	}

}
