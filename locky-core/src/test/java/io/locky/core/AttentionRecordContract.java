package io.locky.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Redis has of holders that are idle, on any Redis.
 */
abstract class AttentionRecordContract extends LockyContract {

	private static final Duration IDLE = Duration.ofMillis(30);

	@Test
	void recordIsAsBeforeWhenTheHolderIsActive() {
		acquire(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(9)));
		LockHandle bob = acquire(LockRequest.of("x")
			.by("bob")
			.note("back at \"five\"")
			.maxHold(Duration.ofMinutes(3))
			.ttl(Duration.ofMinutes(9))
			.force());
		Object before = record("x");
		idle(bob, IDLE);
		report(bob, Duration.ZERO);
		assertThat(record("x")).isEqualTo(before);
	}

	@Test
	void shortRecordIsShortAgainWhenTheHolderIsActive() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		Object before = record("x");
		idle(ann, IDLE);
		assertThat(record("x")).isNotEqualTo(before);
		report(ann, Duration.ZERO);
		assertThat(record("x")).isEqualTo(before);
	}

	@Test
	void deadlineOfAnIdleHolderMovesWithItsLease() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(5)));
		this.fixture.redis().expire(this.fixture.lockKey("x"), Duration.ofSeconds(20));
		assertThat(report(ann, IDLE).expiresIn()).isGreaterThan(Duration.ofMinutes(4));
		assertThat(deadline("x")).isGreaterThan(System.currentTimeMillis() + 240_000.0);
		assertThat(this.locks.unlock("x", "ann", ann.fence())).isTrue();
		assertThat(this.fixture.allKeys()).noneMatch((key) -> key.endsWith("records"));
	}

	@Test
	void lockOfAnotherClientIsNeverIdle() {
		this.fixture.redis().opsForValue().set(this.fixture.lockKey("x"), "john", Duration.ofSeconds(9));
		assertThat(this.locks.find("x")).get().returns(null, LockInfo::idleSince);
		denied(LockRequest.of("x").by("bob").force().onlyIfIdle(Duration.ofMillis(1)));
		assertThat(this.locks.tryRefresh("x", "john", 1, IDLE).held()).isFalse();
		assertThat(value("x")).isEqualTo("john");
		assertThat(record("x")).isNull();
	}

	/** What an instance makes of the record of an idle holder that does not know IDLE. */
	@Test
	void recordWithNullsIsRead() {
		LockHandle ann = acquire(LockRequest.of("x").by("ann"));
		Instant since = idle(ann, IDLE);
		String records = this.fixture.key("x", "records");
		String text = ((String) record("x")).replace("\"\",0,\"\"", "null,null,null");
		assertThat(text).contains("null,null,null");
		this.fixture.redis().opsForHash().putAll(records, Map.of("x", text));
		assertThat(this.locks.find("x")).get()
			.returns(since, LockInfo::idleSince)
			.returns(ann.fence(), LockInfo::fence)
			.returns(null, LockInfo::note);
		assertThat(report(ann, Duration.ZERO).held()).isTrue();
		assertThat(this.locks.unlock("x", "ann", ann.fence())).isTrue();
	}

	private LockRefresh report(LockHandle grant, Duration idle) {
		return this.locks.tryRefresh("x", grant.locker(), grant.fence(), idle);
	}

	private Instant idle(LockHandle grant, Duration idle) {
		assertThat(report(grant, idle).held()).isTrue();
		return this.locks.find("x").map(LockInfo::idleSince).orElseThrow();
	}

	private LockAttempt.Denied denied(LockRequest request) {
		return (LockAttempt.Denied) this.locks.tryLock(request);
	}

}
