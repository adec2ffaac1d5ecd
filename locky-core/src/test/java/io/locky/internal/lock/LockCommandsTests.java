package io.locky.internal.lock;

import java.time.Duration;
import java.util.List;

import io.locky.LockInfo;
import io.locky.LockOptions;
import io.locky.internal.lock.LockCommands.AcquireCommand;
import io.locky.internal.lock.Operations.Sending;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.data.redis.core.script.RedisScript;

import static org.assertj.core.api.Assertions.assertThat;

class LockCommandsTests {

	private static final Duration TTL = Duration.ofSeconds(47);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockCommands commands = new LockCommands(this.fixture.keys());

	private final TestAttempts attempts = new TestAttempts(this.fixture.scripts(), this.fixture.keys());

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void attemptSentTwiceIsGrantedOnce() {
		AcquireCommand attempt = attempt("ann", TestAttempts.DENY, "attempt-1");
		Grant first = grant(attempt);
		assertThat(grant(attempt)).returns(first.fence(), Grant::fence).returns(first.since(), Grant::since);
		assertThat(acquire(attempt("ann", TestAttempts.DENY, "attempt-2"))).isInstanceOf(AcquireReply.Denied.class);
	}

	@Test
	void takeoverSentTwiceNamesTheSamePreviousLocker() {
		grant(attempt("ann", TestAttempts.DENY, "attempt-1"));
		AcquireCommand takeover = attempt("bob", TestAttempts.FORCE, "attempt-2");
		Grant first = grant(takeover);
		assertThat(first.previousLocker()).isEqualTo("ann");
		assertThat(grant(takeover)).returns(first.fence(), Grant::fence).returns("ann", Grant::previousLocker);
	}

	@Test
	void attemptAfterATakeoverIsNotTheOldGrant() {
		AcquireCommand attempt = attempt("ann", TestAttempts.DENY, "attempt-1");
		grant(attempt);
		grant(attempt("bob", TestAttempts.FORCE, "attempt-2"));
		assertThat(acquire(attempt)).isInstanceOfSatisfying(AcquireReply.Denied.class,
				(denied) -> assertThat(denied.lock()).returns("bob", LockInfo::locker));
	}

	@Test
	void repeatedAttemptReleasesTheRestOfABrokenGrant() {
		AcquireCommand attempt = new AcquireCommand(List.of("a", "b", "c"), "ann", TTL,
				TestAttempts.operation("attempt-1"), TestAttempts.DENY);
		grant(attempt);
		acquire(new AcquireCommand(List.of("b"), "bob", TTL, TestAttempts.operation("attempt-2"), TestAttempts.FORCE));
		assertThat(acquire(attempt)).isInstanceOf(AcquireReply.Denied.class);
		assertThat(this.attempts.find(attempt.resources())).extracting(LockInfo::resource).containsExactly("b");
	}

	@ParameterizedTest
	@EnumSource(names = { "FIRST", "AGAIN" })
	void attemptThatWasNotGrantedIsNotGrantedLater(Sending late) {
		AcquireCommand attempt = attempt("ann", TestAttempts.DENY, "attempt-1");
		assertThat(this.attempts.acquire(attempt, Sending.CHECK)).isInstanceOf(AcquireReply.Denied.class);
		assertThat(this.attempts.acquire(attempt, Sending.AGAIN)).isInstanceOf(AcquireReply.Denied.class);
		assertThat(this.attempts.acquire(attempt, late)).isInstanceOf(AcquireReply.Denied.class);
		assertThat(this.attempts.acquireShortly(attempt)).isInstanceOf(AcquireReply.Denied.class);
		assertThat(this.attempts.find(List.of("x"))).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "FIRST", "AGAIN" })
	void attemptThatIsUndoneIsNotGrantedAgain(Sending late) {
		AcquireCommand attempt = attempt("ann", TestAttempts.DENY, "attempt-1");
		grant(attempt);
		assertThat(this.attempts.acquire(attempt, Sending.CHECK)).isInstanceOf(AcquireReply.Granted.class);
		this.fixture.scripts()
			.run(TestReleases.leases(this.fixture.scripts(), this.fixture.keys()).release(new OwnedLock("x", "", "")));
		assertThat(this.attempts.acquire(attempt, late)).isInstanceOf(AcquireReply.Denied.class);
		assertThat(this.attempts.acquireShortly(attempt)).isInstanceOf(AcquireReply.Denied.class);
		assertThat(this.attempts.find(List.of("x"))).isEmpty();
	}

	@Test
	void scriptsAreSentByTheirDigest() {
		RedisScript<?> script = this.commands.find(List.of("x")).script();
		assertThat(script.getSha1()).isEqualTo(RedisScript.of(script.getScriptAsString()).getSha1());
		assertThat(this.commands.find(List.of("y")).script()).isSameAs(script);
	}

	private static AcquireCommand attempt(String locker, LockOptions options, String attempt) {
		return new AcquireCommand(List.of("x"), locker, TTL, TestAttempts.operation(attempt), options);
	}

	private Grant grant(AcquireCommand wanted) {
		return ((AcquireReply.Granted) acquire(wanted)).grant();
	}

	private AcquireReply acquire(AcquireCommand wanted) {
		return this.attempts.acquire(wanted);
	}

}
