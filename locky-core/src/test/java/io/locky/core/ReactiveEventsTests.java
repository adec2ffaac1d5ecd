package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockyOperations;
import io.locky.event.LockyEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The events of reactive operations and their listeners.
 */
@Timeout(60)
class ReactiveEventsTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final CountDownLatch entered = new CountDownLatch(1);

	private final CountDownLatch left = new CountDownLatch(1);

	private LettuceConnectionFactory connections;

	private LockyFixture fixture;

	private LockyTemplate blocking;

	private ReactiveLockyOperations locks;

	@BeforeEach
	void start() {
		this.connections = TestRedis.connect();
		this.fixture = new LockyFixture(this.connections);
		this.blocking = this.fixture.start(LockyRuntime.keys(this.connections, this.fixture.settings().build()),
				this.fixture.settings().ttl(Duration.ofMinutes(5)).build(), (event) -> listen((LockyEvent) event));
		this.locks = new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(this.connections), this.blocking);
	}

	@AfterEach
	void stop() {
		this.left.countDown();
		this.fixture.close();
		this.connections.destroy();
	}

	private void listen(LockyEvent event) {
		if (event.getResource().equals("slow")) {
			this.entered.countDown();
			awaitEnd();
		}
		// Longer than a result that did not wait for it would take.
		LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
		this.events.add("%s %s by %s, may block: %s".formatted(event.getClass().getSimpleName(), event.getResource(),
				event.getLocker(), !Schedulers.isInNonBlockingThread()));
	}

	private void awaitEnd() {
		try {
			assertThat(this.left.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** By their events. */
	private static Map<String, Function<ReactiveLockyOperations, Mono<?>>> all() {
		LockRequest ann = LockRequest.of("x").by("ann");
		Map<String, Function<ReactiveLockyOperations, Mono<?>>> all = new LinkedHashMap<>();
		all.put("LockAcquiredEvent x by ann", (locks) -> locks.lock("x", "ann"));
		all.put("LockTakenOverEvent x by bob", (locks) -> locks.lock(LockRequest.of("x").by("bob").force()));
		all.put("LockReleasedEvent x by bob", (locks) -> locks.unlock("x"));
		all.put("LockAcquiredEvent y by ann", (locks) -> locks.lockAll(List.of("y"), "ann"));
		all.put("LockReleasedEvent y by ann", (locks) -> locks.unlockAll("ann"));
		all.put("LockAcquiredEvent x by ann again", (locks) -> locks.tryLock(ann));
		all.put("LockAttentionEvent x by ann", (locks) -> locks.find("x")
			.flatMap((lock) -> locks.tryRefresh("x", "ann", lock.fence(), Duration.ofSeconds(9))));
		all.put("LockReleasedEvent x by ann", (locks) -> locks.unlock("x", "ann"));
		return all;
	}

	@Test
	void eventsComeBeforeTheirResults() {
		all().forEach((name, operation) -> {
			this.events.clear();
			List<String> before = operation.apply(this.locks).map((result) -> List.copyOf(this.events)).block(LIMIT);
			assertThat(before).as(name).singleElement().asString().startsWith(name.replace(" again", ""));
		});
	}

	@Test
	void listenersMayBlock() {
		Flux.fromIterable(all().values())
			.concatMap((operation) -> operation.apply(this.locks).publishOn(Schedulers.parallel()))
			.blockLast(LIMIT);
		assertThat(this.events).hasSize(all().size()).allMatch((event) -> event.endsWith("may block: true"));
	}

	@Test
	void eventsOfAHandleComeBeforeItsResult() {
		ReactiveLockAttempt attempt = this.locks.tryLock(LockRequest.of("x").by("ann").autoRenew()).block(LIMIT);
		assertThat(attempt).isInstanceOf(ReactiveLockAttempt.Acquired.class);
		List<Integer> sizes = new ArrayList<>();
		((ReactiveLockAttempt.Acquired) Objects.requireNonNull(attempt)).handle()
			.close()
			.doOnSuccess((none) -> sizes.add(this.events.size()))
			.block(LIMIT);
		assertThat(sizes).containsExactly(2);
	}

	@Test
	void slowListenerDelaysOnlyItsOwnOperation() throws Exception {
		CompletableFuture<Boolean> slow = this.locks.lock("slow", "ann").toFuture();
		assertThat(this.entered.await(10, TimeUnit.SECONDS)).isTrue();
		List<Boolean> others = Flux.range(0, 50)
			.flatMap((i) -> this.locks.lock("other:" + i, "ann"), 4)
			.collectList()
			.block(LIMIT);
		assertThat(others).hasSize(50).containsOnly(true);
		assertThat(this.locks.find("slow").block(LIMIT)).isNotNull();
		assertThat(new StringRedisTemplate(this.connections).hasKey(this.fixture.lockKey("slow"))).isTrue();
		assertThat(slow).isNotDone();
		this.left.countDown();
		assertThat(slow.get(10, TimeUnit.SECONDS)).isTrue();
	}

}
