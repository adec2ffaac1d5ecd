package io.locky.core;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.testing.CommandCount;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Locks that pass from one request to the next one of the same application.
 */
@Timeout(90)
class LocalHandOverTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private static final Duration TTL = Duration.ofSeconds(30);

	private final EmbeddedRedis redis = EmbeddedRedis.start();

	private final RedisProxy proxy = new RedisProxy(this.redis.port());

	private final LettuceConnectionFactory wire = TestRedis.connect("127.0.0.1", this.proxy.port(),
			Duration.ofSeconds(10));

	private final LettuceConnectionFactory direct = TestRedis.connect("127.0.0.1", this.redis.port(),
			Duration.ofSeconds(10));

	private final LockyFixture fixture = new LockyFixture(this.wire, this.direct);

	private final LockyTemplate locks = this.fixture.template(TTL);

	LocalHandOverTests() throws IOException {
	}

	@BeforeEach
	void hold() {
		this.locks.lock("x", "ann");
	}

	@AfterEach
	void close() throws IOException {
		this.fixture.close();
		this.wire.destroy();
		this.direct.destroy();
		this.proxy.close();
		this.redis.close();
	}

	private int inLine() {
		return Objects.requireNonNull(this.fixture.redis().opsForZSet().size(this.fixture.key("x", "waiting")))
			.intValue();
	}

	private CompletableFuture<LockAttempt> waitFor(LockyTemplate application, String locker) {
		int before = inLine();
		CompletableFuture<LockAttempt> attempt = application
			.tryLockAsync(LockRequest.of("x").by(locker).waitUpTo(LONG));
		await().until(() -> inLine() == before + 1);
		return attempt;
	}

	private static LockHandle granted(CompletableFuture<LockAttempt> attempt) throws Exception {
		return ((LockAttempt.Acquired) attempt.get(30, TimeUnit.SECONDS)).handle();
	}

	/**
	 * Waiters also look at their lock once a second, with one {@code MGET}; so does each
	 * grant.
	 */
	@Test
	void nextRequestIsGrantedBeforeTheReleaseIsAnswered() throws Exception {
		List<CompletableFuture<LockAttempt>> waiters = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			waiters.add(waitFor(this.locks, "waiter-" + i));
		}
		this.locks.unlock("x", "ann");
		List<Long> reads = new CopyOnWriteArrayList<>();
		for (int i = 1; i < 6; i++) {
			LockHandle handle = granted(waiters.get(i - 1));
			String next = "waiter-" + i;
			long before = CommandCount.of(this.direct, "mget");
			this.proxy.holdAnswer(Long.toString(handle.fence()), () -> {
				await().until(() -> next.equals(this.fixture.redis().opsForValue().get(this.fixture.lockKey("x"))));
				reads.add(CommandCount.of(this.direct, "mget") - before);
			});
			handle.close();
		}
		granted(waiters.get(5)).close();
		assertThat(reads).as("from the release to the grant, while its answer was on its way").hasSize(5).contains(1L);
		assertThat(inLine()).isZero();
	}

	@Test
	void cancelledRequestDoesNotStopTheOthers() throws Exception {
		CompletableFuture<LockAttempt> holder = waitFor(this.locks, "first");
		CompletableFuture<LockAttempt> next = waitFor(this.locks, "second");
		this.locks.unlock("x", "ann");
		granted(holder).close();
		for (int i = 0; i < 50; i++) {
			LockHandle held = granted(next);
			CompletableFuture<LockAttempt> cancelled = waitFor(this.locks, "cancelled");
			next = waitFor(this.locks, "next-" + i);
			CompletableFuture<Void> release = CompletableFuture.runAsync(held::close);
			LockSupport.parkNanos(i * 20_000L);
			if (!cancelled.cancel(true)) {
				granted(cancelled).close();
			}
			release.get(30, TimeUnit.SECONDS);
		}
		granted(next).close();
		await().until(() -> inLine() == 0);
		assertThat(this.locks.getLocker("x")).isNull();
	}

	@Test
	void orderOfAllApplicationsIsKept() throws Exception {
		List<LockyTemplate> applications = List.of(this.locks, this.fixture.template(TTL));
		List<String> lockers = new ArrayList<>();
		List<String> served = new CopyOnWriteArrayList<>();
		List<CompletableFuture<?>> done = new ArrayList<>();
		Random random = new Random(7);
		for (int i = 0; i < 40; i++) {
			String locker = "waiter-" + i;
			lockers.add(locker);
			done.add(waitFor(applications.get(random.nextInt(2)), locker).thenAccept((attempt) -> {
				served.add(locker);
				((LockAttempt.Acquired) attempt).handle().close();
			}));
		}
		this.locks.unlock("x", "ann");
		CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
		assertThat(served).isEqualTo(lockers);
		await().until(() -> inLine() == 0);
	}

	@Test
	void nobodyAttemptsInVainWhileApplicationsTakeTurns() throws Exception {
		List<LockyTemplate> applications = List.of(this.locks, this.fixture.template(TTL));
		List<CompletableFuture<LockAttempt>> waiters = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			waiters.add(waitFor(applications.get((i + 1) % 2), "waiter-" + i));
		}
		long before = CommandCount.of(this.direct, "evalsha");
		this.locks.unlock("x", "ann");
		for (CompletableFuture<LockAttempt> waiter : waiters) {
			granted(waiter).close();
		}
		// Looks of the waiters come in between.
		assertThat(CommandCount.of(this.direct, "evalsha") - before).isBetween(40L, 46L);
	}

}
