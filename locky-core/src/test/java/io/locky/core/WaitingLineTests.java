package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.SignalListener;
import io.locky.testing.CommandCount;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The line of all who wait for a lock, in several applications. The commands of its Redis
 * are counted.
 */
@Timeout(90)
class WaitingLineTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private static final EmbeddedRedis redis = EmbeddedRedis.start();

	private static final LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", redis.port(),
			Duration.ofSeconds(10));

	private LockyFixture fixture;

	private LockySignals signals;

	/** The waiters that were woken, in their order. */
	private final List<String> turns = new CopyOnWriteArrayList<>();

	@AfterAll
	static void stopRedis() {
		connections.destroy();
		redis.close();
	}

	@BeforeEach
	void listen() {
		this.fixture = new LockyFixture(connections);
		this.signals = this.fixture.newSignals();
		this.signals.addListener(new SignalListener() {
			@Override
			public void turn(String waiter, String resource) {
				WaitingLineTests.this.turns.add(waiter);
			}
		});
		this.signals.subscribe();
		await().until(this.signals::isSubscribed);
	}

	@AfterEach
	void close() {
		this.signals.close();
		this.fixture.close();
	}

	private List<LockyTemplate> applications(int number) {
		return Stream.generate(() -> this.fixture.template(null)).limit(number).toList();
	}

	private Set<String> entries() {
		return this.fixture.redis().opsForZSet().range(this.fixture.key("x", "waiting"), 0, -1);
	}

	private void addEntry(String entry) {
		this.fixture.redis().opsForZSet().add(this.fixture.key("x", "waiting"), entry, 0);
	}

	/** Waits, and is in the line once this returns. */
	private CompletableFuture<LockAttempt> waitFor(LockyTemplate locks, String locker) {
		int before = entries().size();
		CompletableFuture<LockAttempt> attempt = locks.tryLockAsync(LockRequest.of("x").by(locker).waitUpTo(LONG));
		await().until(() -> entries().size() == before + 1);
		return attempt;
	}

	private static void awaitGrant(CompletableFuture<LockAttempt> attempt)
			throws InterruptedException, ExecutionException, TimeoutException {
		assertThat(attempt.get(30, TimeUnit.SECONDS)).isInstanceOf(LockAttempt.Acquired.class);
	}

	@Test
	void releaseThatNobodyWaitsForIsNotPublished() {
		LockyTemplate locks = this.fixture.template(null);
		locks.lock("warm", "ann");
		long before = CommandCount.of(connections, "publish");
		locks.lock("x", "ann");
		locks.unlock("x");
		locks.lockAll(List.of("y", "z"), "ann");
		locks.unlockAll("ann");
		assertThat(CommandCount.of(connections, "publish")).isEqualTo(before);
	}

	@Test
	void waitersOfAllApplicationsAreServedInTheOrderOfTheirArrival() throws Exception {
		List<LockyTemplate> applications = applications(4);
		applications.get(0).lock("x", "ann");
		List<String> served = new CopyOnWriteArrayList<>();
		List<String> lockers = new ArrayList<>();
		CountDownLatch done = new CountDownLatch(24);
		for (int i = 0; i < 24; i++) {
			String locker = "waiter-" + i;
			lockers.add(locker);
			waitFor(applications.get((i * 7) % 4), locker).thenAccept((attempt) -> {
				served.add(locker);
				((LockAttempt.Acquired) attempt).handle().close();
				done.countDown();
			});
		}
		long before = CommandCount.of(connections, "publish");
		applications.get(1).unlock("x", "ann");
		assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
		assertThat(served).isEqualTo(lockers);
		assertThat(CommandCount.of(connections, "publish") - before).isEqualTo(24);
		assertThat(entries()).isEmpty();
	}

	@Test
	void blockingAndOtherWaitersShareOneLine() throws Exception {
		LockyTemplate locks = this.fixture.template(null);
		locks.lock("x", "ann");
		List<String> served = new CopyOnWriteArrayList<>();
		List<CompletableFuture<?>> waiters = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			int before = entries().size();
			String locker = "waiter-" + i;
			LockRequest request = LockRequest.of("x").by(locker).waitUpTo(LONG);
			CompletableFuture<LockAttempt> attempt = (i % 2 == 0) ? locks.tryLockAsync(request)
					: TestThreads.supply(() -> locks.tryLock(request));
			waiters.add(attempt.thenAccept((granted) -> {
				served.add(locker);
				((LockAttempt.Acquired) granted).handle().close();
			}));
			await().until(() -> entries().size() == before + 1);
		}
		locks.unlock("x");
		CompletableFuture.allOf(waiters.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
		assertThat(served).containsExactly("waiter-0", "waiter-1", "waiter-2", "waiter-3", "waiter-4", "waiter-5");
	}

	@Test
	void loneWaiterOfAnApplicationGetsItsShare() throws Exception {
		List<LockyTemplate> applications = applications(2);
		applications.get(0).lock("x", "ann");
		List<String> served = new CopyOnWriteArrayList<>();
		List<CompletableFuture<Void>> waiters = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			LockyTemplate locks = applications.get((i == 0) ? 0 : 1);
			String locker = "waiter-" + i;
			waiters.add(TestThreads.run(() -> {
				while (served.size() < 200) {
					locks.lock(LockRequest.of("x").by(locker).waitUpTo(LONG));
					served.add(locker);
					locks.unlock("x", locker);
				}
			}));
		}
		await().until(() -> entries().size() == 10);
		applications.get(0).unlock("x", "ann");
		CompletableFuture.allOf(waiters.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
		List<String> first = served.subList(0, 200);
		assertThat(IntStream.range(0, 10).mapToLong((i) -> first.stream().filter(("waiter-" + i)::equals).count()))
			.allSatisfy((share) -> assertThat(share).isBetween(10L, 30L));
	}

	@Test
	void waitersOfADeadApplicationAreSkipped() throws Exception {
		long hourAgo = TestRedis.time().minus(Duration.ofHours(1)).toEpochMilli() * 1000;
		for (int i = 0; i < 100; i++) {
			addEntry("x\0" + (hourAgo + i) + "\0dead-" + i);
		}
		List<LockyTemplate> applications = applications(2);
		applications.get(0).lock("x", "ann");
		// After a lost turn, the first one of either application may be the next.
		List<CompletableFuture<Void>> waiters = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			waiters.add(waitFor(applications.get(i % 2), "waiter-" + i)
				.thenAcceptAsync((attempt) -> ((LockAttempt.Acquired) attempt).handle().close()));
		}
		applications.get(0).unlock("x", "ann");
		for (CompletableFuture<Void> waiter : waiters) {
			waiter.get(30, TimeUnit.SECONDS);
		}
		assertThat(entries()).isEmpty();
		assertThat(this.turns.stream().filter((waiter) -> waiter.startsWith("dead")).count()).isLessThan(15);
	}

	@Test
	void turnOfAWaiterThatIsGoneGoesToTheNextOne() throws Exception {
		List<LockyTemplate> applications = applications(2);
		applications.get(0).lock("x", "ann");
		CompletableFuture<LockAttempt> first = waitFor(applications.get(0), "first");
		String instance = entries().iterator().next().replaceFirst("^x\0\\d{16}\0(.*)-\\d+$", "$1");
		addEntry("x\0" + TestRedis.time().minusSeconds(60).toEpochMilli() + "000\0" + instance + "-999");
		applications.get(1).unlock("x", "ann");
		awaitGrant(first);
		assertThat(this.turns).hasSize(2).first().isEqualTo(instance + "-999");
		assertThat(entries()).isEmpty();
	}

	@Test
	void waiterThatLooksAtALockDoesNotOvertakeTheOneWhoseTurnItIs() throws Exception {
		List<LockyTemplate> applications = applications(2);
		for (int i = 0; i < 3; i++) {
			applications.get(0).lock("x", "ann");
			CompletableFuture<LockAttempt> waiter = waitFor(applications.get(1), "bob");
			addEntry("x\0" + TestRedis.time().minusSeconds(60).toEpochMilli() + "000\0slow-" + i);
			applications.get(0).unlock("x", "ann");
			long turn = System.nanoTime();
			// Makes instances look at the lock at once.
			this.fixture.redis().convertAndSend(this.fixture.keys().signals(), "released:x");
			awaitGrant(waiter);
			assertThat(Duration.ofNanos(System.nanoTime() - turn)).isBetween(Duration.ofMillis(400),
					Duration.ofMillis(1500));
			((LockAttempt.Acquired) waiter.get()).handle().close();
		}
	}

	@Test
	void waiterThatLeavesPassesOnItsTurn() throws Exception {
		List<LockyTemplate> applications = applications(2);
		applications.get(0).lock("x", "ann");
		CompletableFuture<LockAttempt> first = waitFor(applications.get(0), "first");
		String entry = entries().iterator().next();
		CompletableFuture<LockAttempt> second = waitFor(applications.get(1), "second");
		// As if the release had just been, and its message were on its way.
		addEntry("x\0!" + entry.substring(19) + "\0" + TestRedis.time().toEpochMilli());
		this.fixture.redis().opsForZSet().remove(this.fixture.key("x", "waiting"), entry);
		this.fixture.redis().delete(List.of(this.fixture.lockKey("x"), this.fixture.key("x", "records")));
		first.cancel(true);
		awaitGrant(second);
		assertThat(this.turns).hasSize(1);
	}

	@Test
	void lostWaitersAreAddedAgain() throws Exception {
		LockyTemplate locks = this.fixture.template(null);
		locks.lock("x", "ann");
		List<CompletableFuture<LockAttempt>> waiters = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			waiters.add(waitFor(locks, "waiter-" + i));
		}
		this.fixture.redis().delete(this.fixture.key("x", "waiting"));
		locks.unlock("x", "ann");
		long before = System.nanoTime();
		for (CompletableFuture<LockAttempt> waiter : waiters) {
			awaitGrant(waiter);
			((LockAttempt.Acquired) waiter.get()).handle().close();
		}
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(25));
	}

	@Test
	void lostMessageDelaysAWaiterForASecondOnly() throws Exception {
		List<LockyTemplate> applications = applications(2);
		applications.get(0).lock("x", "ann");
		CompletableFuture<LockAttempt> first = waitFor(applications.get(0), "first");
		CompletableFuture<LockAttempt> second = waitFor(applications.get(1), "second");
		Set<String> lost = entries();
		this.fixture.redis().opsForZSet().remove(this.fixture.key("x", "waiting"), lost.toArray());
		applications.get(0).unlock("x", "ann");
		CompletableFuture.anyOf(first, second).get(30, TimeUnit.SECONDS);
		assertThat(this.turns).isEmpty();
		applications.get(0).unlock("x");
		awaitGrant(first);
		applications.get(0).unlock("x");
		awaitGrant(second);
	}

	@Test
	void waitersThatEndLeaveNothingBehind() throws Exception {
		LockyTemplate locks = this.fixture.template(null);
		LockyTemplate other = this.fixture.template(null);
		other.lock("x", "ann");
		CompletableFuture<LockAttempt> cancelled = waitFor(locks, "cancelled");
		Thread interrupted = TestThreads.start(() -> locks.lock(LockRequest.of("x").by("interrupted").waitUpTo(LONG)));
		await().until(() -> entries().size() == 2);
		CompletableFuture<LockAttempt> closed = waitFor(locks, "closed");
		assertThat(other.lock(LockRequest.of("x").by("late").waitUpTo(Duration.ofMillis(50)))).isFalse();
		assertThat(entries()).hasSize(3);
		cancelled.cancel(true);
		await().until(() -> entries().size() == 2);
		interrupted.interrupt();
		await().until(() -> entries().size() == 1);
		locks.close();
		assertThat(closed).isCompletedExceptionally();
		assertThat(entries()).isEmpty();
	}

	@Test
	void idleWaitersSendNothing() {
		List<LockyTemplate> applications = applications(2);
		applications.get(0).lock("x", "ann");
		for (int i = 0; i < 200; i++) {
			applications.get(i % 2).tryLockAsync(LockRequest.of("x").by("waiter-" + i).waitUpTo(LONG));
		}
		await().until(() -> entries().size() == 200);
		long before = CommandCount.of(connections, "evalsha");
		await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
		assertThat(CommandCount.of(connections, "evalsha") - before).isBetween(2L, 10L);
	}

	@Test
	void manyLocksAreLookedAtTogether() {
		LockyTemplate locks = this.fixture.template(null);
		for (int i = 0; i < 200; i++) {
			locks.lock("x" + i, "ann");
			locks.tryLockAsync(LockRequest.of("x" + i).by("bob").waitUpTo(LONG));
		}
		await().until(() -> entries().size() == 200);
		long before = CommandCount.executed(connections);
		await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
		assertThat(CommandCount.of(connections, "mget")).isPositive();
		assertThat(CommandCount.executed(connections) - before).isLessThan(200);
	}

	@Test
	void waiterOfTheSameApplicationNeedsOneScriptAndNoMessage() throws Exception {
		LockyTemplate locks = this.fixture.template(Duration.ofSeconds(30));
		locks.lock("x", "ann");
		CompletableFuture<LockAttempt> attempt = waitFor(locks, "bob");
		locks.unlock("y");
		long scripts = CommandCount.of(connections, "evalsha");
		long messages = CommandCount.of(connections, "publish");
		locks.unlock("x", "ann");
		awaitGrant(attempt);
		assertThat(CommandCount.of(connections, "evalsha") - scripts).isEqualTo(2);
		assertThat(CommandCount.of(connections, "publish")).isEqualTo(messages);
		assertThat(entries()).isEmpty();
	}

	@Test
	void expiryDoesNotSetOffAllWaiters() throws Exception {
		List<LockyTemplate> applications = applications(2);
		LockyTemplate worker = this.fixture.start(this.fixture.settings().ttl(null).expiration(true).build());
		applications.get(0).lock(LockRequest.of("x").by("ann").ttl(Duration.ofSeconds(4)));
		List<CompletableFuture<LockAttempt>> waiters = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			waiters.add(applications.get(i % 2).tryLockAsync(LockRequest.of("x").by("waiter-" + i).waitUpTo(LONG)));
		}
		await().until(() -> entries().size() == 100);
		assertThat(worker.getLocker("x")).isEqualTo("ann");
		long before = CommandCount.of(connections, "zrangebylex");
		CompletableFuture.anyOf(waiters.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
		await().pollDelay(Duration.ofMillis(500)).until(() -> true);
		assertThat(waiters.stream().filter(CompletableFuture::isDone)).hasSize(1);
		assertThat(CommandCount.of(connections, "zadd")).isPositive();
		assertThat(CommandCount.of(connections, "zrangebylex") - before).isLessThan(10);
	}

	@Test
	void whatACrashLeftBehindIsRemovedByAndBy() {
		addEntry("never-released\0" + "1".repeat(16) + "\0dead-1");
		LockyTemplate locks = this.fixture.template(null);
		locks.lock("x", "ann");
		await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(1)).until(() -> {
			locks.lock(LockRequest.of("x").by("bob").waitUpTo(Duration.ofMillis(1)));
			return entries().isEmpty();
		});
	}

}
