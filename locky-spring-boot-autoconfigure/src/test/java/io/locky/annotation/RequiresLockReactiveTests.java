package io.locky.annotation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.LockRequiredException;
import io.locky.LockerResolver;
import io.locky.ReactiveLockerResolver;
import io.locky.ResourceLockedException;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RequiresLockReactiveTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate locks = this.fixture.template(null);

	private final ApplicationContextRunner plainRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.prefix=" + this.fixture.prefix(), "locky.expiration.enabled=false")
		.withBean(Articles.class);

	private final ApplicationContextRunner contextRunner = this.plainRunner.withBean(ReactiveLockerResolver.class,
			() -> () -> Mono.deferContextual((context) -> Mono.justOrEmpty(context.getOrEmpty("user"))));

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void monoIsCheckedAtEachSubscriptionForTheUserOfItsContext() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			Mono<String> save = articles.save(12);
			Mono<String> byAnn = save.contextWrite((values) -> values.put("user", "ann"));
			assertThatExceptionOfType(LockRequiredException.class).isThrownBy(() -> byAnn.block(PATIENCE));
			assertThat(articles.threads()).hasSize(0);
			this.locks.lock("article:12", "ann");
			assertThat(byAnn.block(PATIENCE)).isEqualTo("saved");
			assertThat(byAnn.block(PATIENCE)).isEqualTo("saved");
			assertThatExceptionOfType(ResourceLockedException.class)
				.isThrownBy(() -> save.contextWrite((values) -> values.put("user", "bob")).block(PATIENCE));
			assertThat(articles.threads()).hasSize(2);
			this.locks.unlock("article:12");
			assertThatExceptionOfType(LockRequiredException.class).isThrownBy(() -> byAnn.block(PATIENCE));
		});
	}

	@Test
	void fluxIsCheckedOnceAndItsElementsPass() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			Mono<List<Integer>> list = articles.parts("article:12").collectList();
			assertThatExceptionOfType(LockRequiredException.class)
				.isThrownBy(() -> list.contextWrite((values) -> values.put("user", "ann")).block(PATIENCE));
			this.locks.lock("article:12", "ann");
			assertThat(list.contextWrite((values) -> values.put("user", "ann")).block(PATIENCE)).containsExactly(1, 2,
					3);
		});
	}

	@Test
	void subscriptionOnAnEventLoopDoesNotBlockIt() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			this.locks.lock("article:12", "ann");
			String saved = articles.save(12)
				.contextWrite((values) -> values.put("user", "ann"))
				.subscribeOn(Schedulers.parallel())
				.block(PATIENCE);
			assertThat(saved).isEqualTo("saved");
			assertThat(articles.threads()).singleElement().asString().startsWith("boundedElastic-");
		});
	}

	@Test
	void blockingResolverIsAskedByTheSubscribingThread() {
		ThreadLocal<String> user = new ThreadLocal<>();
		this.plainRunner.withBean(LockerResolver.class, () -> user::get).run((context) -> {
			this.locks.lock("article:12", "ann");
			Mono<String> save = context.getBean(Articles.class).save(12);
			user.set("bob");
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> save.block(PATIENCE));
			user.set("ann");
			assertThat(save.block(PATIENCE)).isEqualTo("saved");
			user.remove();
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> save.block(PATIENCE))
				.withMessageContaining("cannot know who must hold the lock");
		});
	}

	@Test
	void wrongArgumentAndFailureOfTheMethodAreErrorsOfTheChain() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			Mono<Integer> wrong = articles.parts("").next();
			assertThatIllegalArgumentException().isThrownBy(() -> wrong.block(PATIENCE))
				.withMessageContaining("Articles.parts cannot tell which lock it needs");
			this.locks.lock("article:12", "ann");
			Mono<String> failing = articles.fail("article:12", "ann");
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> failing.block(PATIENCE));
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
