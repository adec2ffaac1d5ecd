package io.locky.internal.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.locky.internal.expiration.TestClaims;
import io.locky.internal.lock.AcquireReply.Denied;
import io.locky.internal.lock.AcquireReply.Granted;
import io.locky.internal.lock.LockCommands.AcquireCommand;
import io.locky.internal.lock.LockCommands.LeavingWaiter;
import io.locky.internal.lock.LockCommands.Waiting;
import io.locky.internal.lock.Operations.Sending;
import io.locky.testing.CommandCount;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the scripts do with the line of those who wait, whether or not the short script is
 * sent first.
 */
@ParameterizedClass
@ValueSource(booleans = { false, true })
class WaitingScriptsTests {

	private static final Duration TTL = Duration.ofSeconds(30);

	@Parameter
	private boolean isShort;

	/** Of its own, because its commands are counted. */
	private final EmbeddedRedis redis = EmbeddedRedis.start();

	private final LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", this.redis.port(),
			Duration.ofSeconds(10));

	private final LockyFixture fixture = new LockyFixture(this.connections);

	private final LockCommands commands = new LockCommands(this.fixture.keys());

	private final TestAttempts attempts = new TestAttempts(this.fixture.scripts(), this.fixture.keys());

	private final Leases leases = TestReleases.leases(this.fixture.scripts(), this.fixture.keys());

	private final String waiting = this.fixture.key("x", "waiting");

	@AfterEach
	void stopRedis() {
		this.fixture.close();
		this.connections.destroy();
		this.redis.close();
	}

	private AcquireReply attempt(String locker, String waiter, String place, boolean stays) {
		return attempt(locker, new Waiting(waiter, place, stays, true), Sending.FIRST);
	}

	private AcquireReply attempt(String locker, Waiting how, Sending sending) {
		AcquireCommand command = new AcquireCommand(List.of("x"), locker, TTL,
				TestAttempts.operation(locker + System.nanoTime()), TestAttempts.DENY, how);
		return (this.isShort && sending == Sending.FIRST && (how.stays() || !how.isSet()))
				? this.attempts.acquireShortly(command) : this.attempts.acquire(command, sending);
	}

	private String place(String waiter) {
		Denied denied = (Denied) attempt(waiter, waiter, "", true);
		assertThat(denied.place()).matches("\\d{16}");
		return denied.place();
	}

	private void hold() {
		assertThat(attempt("ann", "", "", false)).isInstanceOf(Granted.class);
	}

	private void release() {
		assertThat(this.fixture.scripts().run(this.leases.release(new OwnedLock("x", "", "")))).isTrue();
	}

	private List<String> entries() {
		return new ArrayList<>(this.fixture.redis().opsForZSet().range(this.waiting, 0, -1));
	}

	@Test
	void turnKeepsLaterWaitersFromTheLockForAWhile() {
		hold();
		String place = place("one-1");
		release();
		assertThat(entries()).singleElement().asString().startsWith("x\0!one-1\0");
		assertThat(attempt("late", "two-1", "", true)).isInstanceOfSatisfying(Denied.class,
				(denied) -> assertThat(denied.lock()).isNull());
		assertThat(attempt("one", "one-1", place, true)).isInstanceOf(Granted.class);
		assertThat(entries()).singleElement().asString().endsWith("\0two-1");
	}

	@Test
	void turnThatIsNotTakenUpKeepsNobodyForLong() {
		hold();
		place("one-1");
		release();
		assertThat(attempt("in a hurry", "", "", false)).isInstanceOf(Granted.class);
		release();
		await().atMost(5, TimeUnit.SECONDS).until(() -> attempt("late", "two-1", "", true) instanceof Granted);
	}

	@Test
	void refusedWaiterKeepsItsPlace() {
		hold();
		String first = place("one-1");
		String second = place("two-1");
		release();
		hold();
		assertThat(attempt("one", "one-1", first, true)).isInstanceOfSatisfying(Denied.class,
				(denied) -> assertThat(denied).returns(first, Denied::place).returns(false, Denied::lost));
		assertThat(entries()).containsExactly("x\0" + first + "\0one-1", "x\0" + second + "\0two-1");
	}

	@Test
	void waitersOfOtherLocksAreLeftAlone() {
		hold();
		String place = place("one-1");
		List<String> others = List.of("x2\0" + place + "\0one-2", "x\u0001\0" + place + "\0one-3",
				"w\0" + place + "\0one-4", "xé\0" + place + "\0one-5");
		others.forEach((entry) -> this.fixture.redis().opsForZSet().add(this.waiting, entry, 0));
		release();
		hold();
		release();
		assertThat(entries()).containsAll(others).hasSize(5);
	}

	@Test
	void lostTurnsTakeTheirInstancesOutOfTheLine() {
		hold();
		String place = place("one-1");
		String turn = "x\0!dead-one-1\0" + TestRedis.time().minus(Duration.ofSeconds(2)).toEpochMilli();
		List.of(turn, "x\0" + "1".repeat(16) + "\0dead-one-2", "x\0" + "9".repeat(16) + "\0dead-one-3",
				"x\0" + "8".repeat(16) + "\0dead-2")
			.forEach((entry) -> this.fixture.redis().opsForZSet().add(this.waiting, entry, 0));
		release();
		assertThat(entries()).hasSize(2)
			.anyMatch((entry) -> entry.startsWith("x\0!one-1\0"))
			.anyMatch((entry) -> entry.endsWith("\0dead-2"));
		assertThat(attempt("one", "one-1", place, true)).isInstanceOf(Granted.class);
	}

	@Test
	void attemptNoticesThatItsWaiterWasLost() {
		hold();
		String place = place("one-1");
		this.fixture.redis().delete(this.waiting);
		assertThat(attempt("one", "one-1", place, true)).isInstanceOfSatisfying(Denied.class,
				(denied) -> assertThat(denied.lost()).isTrue());
		assertThat(entries()).containsExactly("x\0" + place + "\0one-1");
		this.fixture.redis().delete(this.waiting);
		release();
		assertThat(attempt("one", "one-1", place, true)).isInstanceOfSatisfying(Granted.class,
				(granted) -> assertThat(granted.lost()).isTrue());
	}

	@Test
	void lastAttemptRemovesTheWaiter() {
		hold();
		String place = place("one-1");
		assertThat(attempt("one", "one-1", place, false)).isInstanceOfSatisfying(Denied.class,
				(denied) -> assertThat(denied.place()).isEmpty());
		assertThat(entries()).isEmpty();
		assertThat(attempt("one", new Waiting("one-1", place, true, false), Sending.CHECK)).isInstanceOf(Denied.class);
		assertThat(entries()).as("an attempt that is undone").isEmpty();
	}

	@Test
	void leavingWaiterPassesOnTheTurnThatItHas() {
		hold();
		LeavingWaiter first = new LeavingWaiter("x", "one-1", place("one-1"));
		place("two-1");
		assertThat(this.fixture.scripts().run(this.commands.leave(List.of(first)))).isZero();
		assertThat(entries()).hasSize(1);
		release();
		LeavingWaiter second = new LeavingWaiter("x", "two-1", "");
		place("three-1");
		assertThat(this.fixture.scripts().run(this.commands.leave(List.of(second)))).isEqualTo(1);
		assertThat(entries()).singleElement().asString().startsWith("x\0!three-1\0");
	}

	@Test
	void expiryThatIsClaimedGivesTheTurnToOneWaiter() {
		this.attempts.acquire("x", "ann", Duration.ofMillis(500));
		place("one-1");
		place("two-1");
		TestClaims claims = new TestClaims(this.fixture);
		claims.awaitDue(this.fixture.scripts());
		assertThat(claims.claim(this.fixture.scripts(), 10, Duration.ofSeconds(30))).hasSize(1);
		assertThat(entries()).hasSize(2)
			.anyMatch((entry) -> entry.startsWith("x\0!one-1\0"))
			.anyMatch((entry) -> entry.endsWith("\0two-1"));
	}

	@Test
	void restOfABrokenGrantIsGivenToAWaiter() {
		AcquireCommand both = new AcquireCommand(List.of("x", "y"), "ann", null, TestAttempts.operation("attempt-1"),
				TestAttempts.DENY);
		this.attempts.acquire(both);
		place("one-1");
		this.attempts.acquire(
				new AcquireCommand(List.of("y"), "bob", null, TestAttempts.operation("attempt-2"), TestAttempts.FORCE));
		assertThat(this.attempts.acquire(both)).isInstanceOf(Denied.class);
		assertThat(entries()).singleElement().asString().startsWith("x\0!one-1\0");
	}

	@Test
	void waiterWithATurnNeedsFewCommands() {
		hold();
		String place = place("one-1");
		release();
		long before = CommandCount.executed(this.connections);
		assertThat(attempt("one", "one-1", place, true)).isInstanceOf(Granted.class);
		assertThat(CommandCount.executed(this.connections) - before).isLessThanOrEqualTo(this.isShort ? 10 : 30);
		assertThat(entries()).isEmpty();
	}

	@Test
	void shortScriptIsNotSentInVain() {
		Waiting first = new Waiting("one-1", "", true, false);
		Waiting withTurn = new Waiting("one-1", "1".repeat(16), true, true);
		Waiting withoutTurn = new Waiting("one-1", "1".repeat(16), true, false);
		Waiting last = new Waiting("one-1", "1".repeat(16), false, true);
		assertThat(List.of(first, withTurn)).noneMatch((how) -> shortly(how) == null);
		assertThat(List.of(withoutTurn, last)).allMatch((how) -> shortly(how) == null);
	}

	private @Nullable Object shortly(Waiting how) {
		return this.commands.common()
			.acquire(new AcquireCommand(List.of("x"), "one", TTL, TestAttempts.operation("attempt-1"),
					TestAttempts.DENY, how));
	}

	@Test
	void firstAttemptOfAWaiterIsOneCommand() {
		hold();
		long before = CommandCount.sent(this.connections);
		for (int i = 0; i < 100; i++) {
			place("one-" + i);
		}
		assertThat(CommandCount.sent(this.connections) - before).isBetween(100L, 150L);
	}

	@Test
	void turnOfAnotherWaiterIsLeftToItUntilItIsLost() {
		hold();
		String first = place("one-1");
		String second = place("two-1");
		release();
		assertThat(attempt("two", "two-1", second, true)).isInstanceOf(Denied.class);
		String turn = entries().iterator().next();
		assertThat(turn).startsWith("x\0!one-1\0");
		String lost = turn.substring(0, turn.length() - 13)
				+ (Long.parseLong(turn.substring(turn.length() - 13)) - 500);
		this.fixture.redis().opsForZSet().remove(this.waiting, turn);
		this.fixture.redis().opsForZSet().add(this.waiting, lost, 0);
		assertThat(attempt("two", "two-1", second, true)).isInstanceOf(Granted.class);
		assertThat(attempt("one", "one-1", first, true)).isInstanceOf(Denied.class);
		assertThat(entries()).containsExactly("x\0" + first + "\0one-1");
	}

	@Test
	void lookFindsLocksThatAnAttemptCanGetOrMustReport() {
		List<String> all = List.of("x", "free", "broken");
		hold();
		this.fixture.redis().opsForSet().add(this.fixture.lockKey("broken"), "member");
		assertThat(look(all)).isEqualTo(all);
		String place = place("one-1");
		assertThat(look(all)).containsExactly("free", "broken");
		this.fixture.redis().opsForZSet().remove(this.waiting, "x\0" + place + "\0one-1");
		assertThat(look(List.of("x"))).containsExactly("x");
	}

	private List<String> look(List<String> resources) {
		return this.fixture.scripts().run(this.commands.look(resources));
	}

	@Test
	void setOfWaitersEndsByItself() {
		hold();
		for (int i = 0; i < 300; i++) {
			place("one-" + i);
		}
		assertThat(this.fixture.redis().getExpire(this.waiting)).isBetween(86_400L, 2 * 86_400L);
	}

}
