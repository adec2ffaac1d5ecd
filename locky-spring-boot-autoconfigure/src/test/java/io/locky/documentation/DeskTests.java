package io.locky.documentation;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.locky.LockRequest;
import io.locky.LockWaiter;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockHandle;
import io.locky.ReactiveLockyOperations;
import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;
import io.locky.test.redis.WithEmbeddedRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@DirtiesContext
@SpringBootTest(properties = { "spring.main.web-application-type=reactive", "locky.prefix=desk:" })
@WithEmbeddedRedis
class DeskTests {

	@Autowired
	Desk desk;

	@Autowired
	ReactiveLockyOperations locks;

	@Autowired
	LockyTemplate template;

	@Autowired
	Takeovers takeovers;

	@Autowired
	ApplicationContext context;

	@Test
	void articleIsPublishedWithItsLock() {
		assertThat(this.desk.publish(1, "ann").block()).isEqualTo("article:1 published by ann");
		assertThat(this.locks.find("article:1").block()).isNull();
		this.locks.lock("article:1", "bob").block();
		assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> this.desk.publish(1, "ann").block());
		assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> this.desk.archive(1, "ann").block());
	}

	@Test
	void nextOneWaits() {
		this.locks.lock("article:2", "ann").block();
		LockRequest request = LockRequest.of("article:2").by("bob").waitUpTo(Duration.ofSeconds(30));
		CompletableFuture<ReactiveLockAttempt> bob = this.locks.tryLock(request).toFuture();
		this.locks.unlock("article:2", "ann").block();
		assertThat(bob.join()).isInstanceOf(ReactiveLockAttempt.Acquired.class);
	}

	@Test
	void lostLockEndsTheWork() {
		LockRequest request = LockRequest.of("import").by("nightly").ttl(Duration.ofSeconds(30)).autoRenew();
		ReactiveLockHandle lock = acquired(this.locks.tryLock(request).block());
		CompletableFuture<Long> rows = this.desk.untilLost(Flux.interval(Duration.ofMillis(10)), lock)
			.count()
			.toFuture();
		this.locks.unlock("import").block();
		assertThat(rows).succeedsWithin(Duration.ofSeconds(20));
	}

	private static ReactiveLockHandle acquired(@Nullable ReactiveLockAttempt attempt) {
		return ((ReactiveLockAttempt.Acquired) Objects.requireNonNull(attempt)).handle();
	}

	@Test
	void chiefTakesOver() {
		this.locks.lock("article:3", "ann").block();
		Mono<Boolean> takeover = this.locks.find("article:3")
			.map((lock) -> LockRequest.of("article:3").by("chief").takeOverFrom(lock.fence()))
			.flatMap(this.locks::lock);
		assertThat(takeover.block()).isTrue();
		assertThat(this.takeovers.seen()).contains("chief took article:3 from ann");
	}

	@Test
	void impatientCallerWaitsNoLonger() {
		this.locks.lock("article:4", "ann").block();
		LockRequest request = LockRequest.of("article:4").by("bob").waitUpTo(Duration.ofMinutes(1));
		assertThat(this.locks.tryLock(request).take(Duration.ofMillis(200)).block()).isNull();
		await().until(() -> this.template.waiters("article:4").isEmpty());
	}

	@Test
	void outageIsRetried() {
		LockRequest request = LockRequest.of("article:5").by("ann").client("page-7");
		Mono<Boolean> granted = this.locks.lock(request)
			.retryWhen(Retry.backoff(3, Duration.ofMillis(100)).filter(DataAccessException.class::isInstance));
		assertThat(granted.block()).isTrue();
	}

	@Test
	void lineIsReadInAThreadThatMayBlock() {
		Mono<List<LockWaiter>> waiters = Mono.fromCallable(() -> this.template.waiters("article:6"))
			.subscribeOn(Schedulers.boundedElastic());
		assertThat(waiters.block()).isEmpty();
	}

	@Test
	void deniedRequestIsAnsweredWithProblemDetails() {
		WebTestClient client = WebTestClient.bindToApplicationContext(this.context).build();
		client.post().uri("/articles/7/publication?user=ann").exchange().expectStatus().isOk();
		this.locks.lock("article:7", "bob").block();
		client.post().uri("/articles/7/publication?user=ann").exchange().expectStatus().isEqualTo(423);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Desk.class, DeskController.class, Takeovers.class })
	static class Application {

	}

}
