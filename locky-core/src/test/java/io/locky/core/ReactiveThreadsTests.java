package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.locky.LockInfo;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockyOperations;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.PausedWrites;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Reactive operations that Redis has not answered, and requests that wait, have no
 * threads.
 */
@Timeout(120)
class ReactiveThreadsTests {

	private static final int ROUNDS = 100;

	private static final int EACH = 100;

	/** For what the driver and Locky do meanwhile, however much there is to do. */
	private static final int HANDFUL = 6;

	private static final LockInfo FREE = new LockInfo("x", "nobody", 0, null, null, null, null);

	private static final Duration LIMIT = Duration.ofSeconds(40);

	private EmbeddedRedis redis;

	private LettuceConnectionFactory connections;

	private LettuceConnectionFactory admin;

	private LockyFixture fixture;

	private LockyTemplate blocking;

	private ReactiveLockyOperations locks;

	private Set<Thread> before = Set.of();

	@BeforeEach
	void start() {
		this.redis = EmbeddedRedis.start();
		this.connections = TestRedis.connect("127.0.0.1", this.redis.port(), LIMIT);
		this.admin = TestRedis.connect("127.0.0.1", this.redis.port(), LIMIT);
		this.fixture = new LockyFixture(this.connections, this.admin);
		this.blocking = this.fixture.template(Duration.ofMinutes(5));
		this.locks = new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(this.connections), this.blocking);
		this.locks.lock("warm", "up")
			.then(this.locks.tryLock(LockRequest.of("warm").by("bob").waitUpTo(Duration.ofMillis(1))))
			.then(this.locks.find("warm"))
			.then(this.locks.unlock("warm", "up"))
			.block(LIMIT);
		this.before = Thread.getAllStackTraces().keySet();
	}

	@AfterEach
	void stop() {
		this.fixture.close();
		this.connections.destroy();
		this.admin.destroy();
		this.redis.close();
	}

	@Test
	void unansweredOperationsKeepNoThreads() throws Exception {
		for (int i = 0; i < EACH; i++) {
			this.blocking.lock("held:" + i, "ann");
		}
		CompletableFuture<List<Object>> results;
		try (PausedWrites pause = new PausedWrites(this.admin)) {
			results = Flux.range(0, EACH).flatMap(this::operations, 3 * EACH).collectList().toFuture();
			pause.awaitCommand();
			await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(5)).untilAsserted(this::expectNoThreads);
			assertThat(results).isNotDone();
		}
		assertThat(results.get(40, TimeUnit.SECONDS)).hasSize(3 * EACH)
			.doesNotContain(false)
			.filteredOn((result) -> result instanceof ReactiveLockAttempt.Acquired)
			.hasSize(EACH);
	}

	private Flux<Object> operations(int number) {
		return Flux.merge(this.locks.tryLock(LockRequest.of("free:" + number).by("bob")),
				this.locks.find("warm").map(Object.class::cast).defaultIfEmpty("free"),
				this.locks.unlock("held:" + number, "ann"));
	}

	@Test
	void waitingRequestsKeepNoThreads() throws Exception {
		this.blocking.lock("x", "ann");
		CompletableFuture<List<ReactiveLockAttempt>> results = Flux.range(0, 3 * EACH)
			.flatMap((i) -> this.locks.tryLock(LockRequest.of("x").by("waiter-" + i).waitUpTo(Duration.ofMinutes(1))),
					3 * EACH)
			.take(2)
			.collectList()
			.toFuture();
		await().until(() -> this.blocking.waiters("x").size() == EACH);
		await().atMost(Duration.ofSeconds(30)).untilAsserted(this::expectNoThreads);
		assertThat(results).isNotDone();
		this.blocking.unlock("x", "ann");
		await().until(() -> results.isDone() || this.blocking.unlock("x"));
		assertThat(results.get(30, TimeUnit.SECONDS)).hasOnlyElementsOfType(ReactiveLockAttempt.Acquired.class);
		// The others are cancelled, and leave.
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(this.blocking.waiters("x")).isEmpty());
	}

	@Test
	void resultsComeInThreadsThatMayBlock() {
		LockRequest ann = LockRequest.of("x").by("ann");
		List<Mono<?>> operations = List.of(this.locks.lock("x", "ann"), this.locks.find("x"),
				this.locks.unlock("x", "ann"), this.locks.find("x").defaultIfEmpty(FREE), this.locks.tryLock(ann),
				this.locks.tryLock(ann.waitUpTo(Duration.ofMillis(50))), this.locks.list(LockQuery.all()),
				this.locks.unlockAll("ann"));
		// An answer may be there before the subscriber waits for it.
		for (int i = 0; i < ROUNDS; i++) {
			for (Mono<?> operation : operations) {
				assertThat(operation.map((result) -> Thread.currentThread().getName()).block(LIMIT))
					.startsWith("locky-reactive-");
			}
		}
	}

	private void expectNoThreads() {
		assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !this.before.contains(thread))
			.extracting(Thread::getName)
			.hasSizeLessThanOrEqualTo(HANDFUL);
	}

}
