package io.locky.people;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.PeopleSettings;
import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockForceReleasedEvent;
import io.locky.internal.expiration.TestClaims;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.CapturedLog;
import io.locky.testing.CommandCount;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.data.redis.core.script.RedisScript;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The history of locks in Redis: races, bounds and cost.
 */
@Timeout(120)
class HistoryTests {

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	/** Releases, takeovers and expiries race on two instances with a worker each. */
	@Test
	void eachGrantIsInTheHistoryExactlyOnce() throws Exception {
		List<LockyTemplate> instances = List.of(instance(10_000, true), instance(10_000, true));
		Set<Long> granted = ConcurrentHashMap.newKeySet();
		TestThreads.race(6, (client) -> {
			LockyTemplate locks = instances.get(client % 2);
			for (int i = 0; i < 150; i++) {
				LockRequest request = LockRequest.of("x").by("c" + client).ttl(Duration.ofMillis(2 + i % 3));
				if (locks.tryLock((i % 2 == 0) ? request.force() : request) instanceof LockAttempt.Acquired acquired) {
					granted.add(acquired.handle().fence());
					end(locks, acquired.handle(), i);
				}
			}
		});
		await().atMost(Duration.ofSeconds(20)).until(() -> isIdle("x"));
		List<Hold> holds = all(instances.get(0).history(), "x");
		assertThat(holds).extracting(Hold::fence).doesNotHaveDuplicates().hasSameElementsAs(granted);
		Map<HoldOutcome, Integer> outcomes = new EnumMap<>(HoldOutcome.class);
		holds.forEach((hold) -> outcomes.merge(hold.outcome(), 1, Integer::sum));
		System.out.println("Ends in the race: " + outcomes);
		assertThat(outcomes).containsOnlyKeys(HoldOutcome.values());
		assertThat(holds).allSatisfy((hold) -> assertThat(hold.until()).isAfterOrEqualTo(hold.since()));
	}

	private static void end(LockyTemplate locks, LockHandle handle, int i) {
		switch (i % 5) {
			case 0 -> handle.close();
			case 1 -> locks.unlock("x");
			case 2 -> await().pollInterval(Duration.ofMillis(1)).until(() -> !handle.isValid());
			default -> handle.refresh();
		}
	}

	private boolean isIdle(String resource) {
		return !this.fixture.redis().hasKey(this.fixture.key(resource, "deadlines"))
				&& !this.fixture.redis().hasKey(this.fixture.key(resource, "unacked"));
	}

	private static List<Hold> all(LockHistory history, String resource) {
		List<Hold> holds = new ArrayList<>();
		HoldPage page = history.history(resource, null, 500);
		holds.addAll(page.holds());
		while (page.next() != null) {
			page = history.history(resource, page.next(), 500);
			holds.addAll(page.holds());
		}
		return holds;
	}

	@Test
	void expiryOfAKilledWorkerIsWrittenOnceByTheNext() {
		LockyTemplate locks = instance(9, false);
		locks.lock(LockRequest.of("x").by("ann").ttl(Duration.ofMillis(1)));
		TestClaims victim = new TestClaims(this.fixture);
		victim.awaitDue(this.fixture.scripts());
		assertThat(victim.claim(this.fixture.scripts(), 9, Duration.ofMillis(1))).hasSize(1);
		assertThat(locks.history().history("x", null, 9).holds()).isEmpty();
		instance(9, true);
		await().until(() -> isIdle("x"));
		assertThat(locks.history().history("x", null, 9).holds()).singleElement()
			.returns("ann", Hold::locker)
			.returns(HoldOutcome.EXPIRED, Hold::outcome);
	}

	@Test
	void manyExpiriesAreWrittenInGroups() {
		LockyTemplate locks = instance(9, false);
		int count = 400;
		for (int i = 0; i < count; i++) {
			locks.lock(LockRequest.of("x" + i).by("ann" + i).ttl(Duration.ofMillis(1)));
		}
		instance(9, true);
		await().until(() -> isIdle("x"));
		for (int i = 0; i < count; i++) {
			assertThat(locks.history().history("x" + i, null, 9).holds()).singleElement()
				.returns("ann" + i, Hold::locker);
		}
	}

	@Test
	void expiryThatAnAttemptFindsIsWritten() {
		LockyTemplate locks = instance(9, true);
		for (int i = 0; i < 20; i++) {
			locks.lock(LockRequest.of("x").by(i).ttl(Duration.ofMinutes(5)));
			this.fixture.redis().delete(this.fixture.lockKey("x"));
		}
		assertThat(locks.lock("x", "last")).isTrue();
		await().until(() -> locks.history().history("x", null, 99).holds().size() == 9);
		assertThat(locks.history().history("x", null, 99).holds()).extracting(Hold::locker)
			.containsExactly("19", "18", "17", "16", "15", "14", "13", "12", "11");
	}

	@Test
	void onlyTheLatestHoldsAreKept() {
		LockyTemplate locks = instance(5, false);
		for (int i = 0; i < 12; i++) {
			locks.lock("x", i);
			locks.unlock("x", i);
		}
		assertThat(locks.history().history("x", null, 99).holds()).extracting(Hold::locker)
			.containsExactly("11", "10", "9", "8", "7");
	}

	@Test
	void historyEndsAfterItsRetention() {
		LockyTemplate locks = this.fixture.start(this.fixture.settings()
			.people(PeopleSettings.NONE.with(new PeopleSettings.History(5, Duration.ofSeconds(1))))
			.build());
		locks.lock("x", "ann");
		locks.unlock("x", "ann");
		assertThat(locks.history().history("x", null, 9).holds()).hasSize(1);
		await().until(() -> locks.history().history("x", null, 9).holds().isEmpty());
	}

	@Test
	void operatorIsNamedAfterAForcedRelease() {
		LockyTemplate locks = instance(9, false);
		LockHandle handle = ((LockAttempt.Acquired) locks.tryLock(LockRequest.of("x").by("ann"))).handle();
		locks.unlock("x", "ann", handle.fence());
		Hold before = locks.history().history("x", null, 9).holds().get(0);
		for (int i = 0; i < 2; i++) {
			publish(locks.history(), new LockForceReleasedEvent(this, "x", "ann", handle.fence(), "the \"admin\""));
			publish(locks.history(), new LockForceReleasedEvent(this, "x", "ann", handle.fence() + 1, "nobody"));
			assertThat(locks.history().history("x", null, 9).holds()).containsExactly(new Hold("x", "ann",
					handle.fence(), before.since(), before.until(), HoldOutcome.FORCE_RELEASED, "the \"admin\"", null));
		}
	}

	@SuppressWarnings("unchecked") // It listens to this event.
	private static void publish(LockHistory history, LockForceReleasedEvent event) {
		((ApplicationListener<ApplicationEvent>) history).onApplicationEvent(event);
	}

	@Test
	void lockEndsWhateverIsWrongWithItsHistory() {
		LockyTemplate locks = instance(9, true);
		this.fixture.redis().opsForValue().set(this.fixture.key("x", "people:history:x"), "no history");
		locks.lock("x", "ann");
		assertThat(locks.lock(LockRequest.of("x").by("bob").force())).isTrue();
		assertThat(locks.unlock("x", "bob")).isTrue();
		locks.lock(LockRequest.of("x").by("zoe").ttl(Duration.ofMillis(1)));
		await().until(() -> isIdle("x"));
		assertThat(this.fixture.events(LockExpiredEvent.class)).hasSize(1);
	}

	@Test
	void holdsOfALaterVersionAreLeftOut() {
		LockyTemplate locks = instance(9, false);
		locks.lock("x", "ann");
		locks.unlock("x", "ann");
		this.fixture.redis().opsForZSet().add(this.fixture.key("x", "people:history:x"), "2[\"ann\"]", 1e16);
		this.fixture.redis().opsForZSet().add(this.fixture.key("x", "people:history:x"), "[\"ann\"]", 2e16);
		try (CapturedLog log = new CapturedLog()) {
			HoldPage first = locks.history().history("x", null, 1);
			assertThat(first.holds()).isEmpty();
			HoldPage second = locks.history().history("x", first.next(), 1);
			assertThat(second.holds()).isEmpty();
			assertThat(locks.history().history("x", second.next(), 1).holds()).hasSize(1);
			assertThat(log.messages(Level.WARN)).hasSize(1);
		}
	}

	/** The common case is two scripts, with the commands that it has had before. */
	@Test
	void withoutAHistoryNothingMoreIsSentOrExecuted() {
		try (EmbeddedRedis server = EmbeddedRedis.start()) {
			LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", server.port(), Duration.ofSeconds(5));
			try (LockyFixture own = new LockyFixture(connections)) {
				LockyTemplate without = own.template(Duration.ofMinutes(5));
				LockyTemplate with = instance(own, 9, false);
				lockAndUnlock(without);
				lockAndUnlock(with);
				long[] off = lowestCost(without, connections);
				long[] on = lowestCost(with, connections);
				System.out.printf(
						"Commands of a lock and unlock, without and with a history: %d and %d, in %d and %d calls%n",
						off[1], on[1], off[0], on[0]);
				assertThat(off).containsExactly(2, 20);
				assertThat(on[0]).isEqualTo(2);
				assertThat(own.redis().opsForZSet().zCard(own.key("x", "people:history:x"))).isEqualTo(6);
			}
			finally {
				connections.destroy();
			}
		}
	}

	/** Something in the background may send commands of its own meanwhile. */
	private static long[] lowestCost(LockyTemplate locks, LettuceConnectionFactory connections) {
		List<long[]> costs = Stream.generate(() -> cost(locks, connections)).limit(5).toList();
		return new long[] { costs.stream().mapToLong((counts) -> counts[0]).min().orElseThrow(),
				costs.stream().mapToLong((counts) -> counts[1]).min().orElseThrow() };
	}

	private static long[] cost(LockyTemplate locks, LettuceConnectionFactory connections) {
		long sent = CommandCount.sent(connections);
		long executed = CommandCount.executed(connections);
		lockAndUnlock(locks);
		return new long[] { CommandCount.sent(connections) - sent, CommandCount.executed(connections) - executed };
	}

	private static void lockAndUnlock(LockyTemplate locks) {
		assertThat(locks.lock("x", "ann")).isTrue();
		assertThat(locks.unlock("x", "ann")).isTrue();
	}

	@Test
	void fullHistoryHasABoundInMemory() {
		LockyTemplate locks = instance(100, false);
		for (int i = 0; i < 120; i++) {
			String locker = "ann.smith@example.org";
			locks.lock("article:12", locker);
			locks.lock(LockRequest.of("article:12").by("bob.miller@example.org").force().note("The deadline is at 12"));
			locks.unlock("article:12", "bob.miller@example.org");
		}
		long bytes = Objects.requireNonNull(this.fixture.redis()
			.execute(RedisScript.of("return redis.call('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', 0)", Long.class),
					List.of(this.fixture.key("article:12", "people:history:article:12"))));
		System.out.printf("A full history of 100 holds has %d bytes, %d for each hold%n", bytes, bytes / 100);
		assertThat(bytes / 100).isLessThan(400);
	}

	private LockyTemplate instance(int length, boolean worker) {
		return instance(this.fixture, length, worker);
	}

	private static LockyTemplate instance(LockyFixture fixture, int length, boolean worker) {
		return fixture.start(fixture.settings()
			.ttl(Duration.ofMinutes(5))
			.expiration(worker)
			.ackTimeout(Duration.ofSeconds(5))
			.people(PeopleSettings.NONE.with(new PeopleSettings.History(length, Duration.ofDays(1))))
			.build());
	}

}
