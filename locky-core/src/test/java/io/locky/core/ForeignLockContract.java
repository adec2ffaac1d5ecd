package io.locky.core;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Locks beside clients that write the lock key themselves.
 */
abstract class ForeignLockContract extends LockyContract {

	@Test
	void foreignLockIsHonouredByEveryOperation() {
		setForeignLock();
		assertThat(this.locks.getLocker("x")).isEqualTo("john");
		assertThat(this.locks.lock("x", 20)).isFalse();
		assertThat(this.locks.find("x")).hasValueSatisfying((lock) -> {
			assertThat(lock.fence()).isZero();
			assertThat(lock.since()).isNull();
			assertThat(lock.expiresIn()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(5));
		});
		assertThat(this.locks.refresh("x")).isTrue();
		assertThat(remaining("x")).isGreaterThan(40_000);
		assertThat(this.locks.unlock("x")).isTrue();
		assertThat(this.fixture.events(LockReleasedEvent.class)).singleElement()
			.returns("john", LockReleasedEvent::getLocker)
			.returns(0L, LockReleasedEvent::getFence);
		assertThat(this.fixture.allKeys()).isEmpty();
	}

	@Test
	void foreignLockCanBeTakenOver() {
		setForeignLock();
		assertThat(this.locks.lock(LockRequest.of("x").by(20).force())).isTrue();
		assertThat(this.fixture.events(LockTakenOverEvent.class)).singleElement()
			.returns("john", LockTakenOverEvent::getPreviousLocker);
	}

	@Test
	void lockDeletedByAnotherClientIsFree() {
		this.locks.lock("x", 20);
		this.fixture.redis().delete(this.fixture.lockKey("x"));
		assertThat(this.locks.find("x")).isEmpty();
		assertThat(this.locks.refresh("x")).isFalse();
		assertThat(this.locks.unlock("x")).isFalse();
		assertThat(this.locks.lock("x", 21)).isTrue();
		assertThat(record("x")).asString().contains("\"21\"");
	}

	@Test
	void lockTakenOverByAnotherClientIsTheirs() {
		this.locks.lock("x", 20);
		LockHandle stale = ((LockAttempt.Acquired) this.locks.tryLock(LockRequest.of("x").by(20).force())).handle();
		setForeignLock();
		assertThat(this.locks.find("x")).get().returns("john", LockInfo::locker).returns(0L, LockInfo::fence);
		assertThat(stale.refresh()).isFalse();
		assertThat(this.locks.refresh("x", 20, stale.fence())).isFalse();
		assertThat(this.locks.unlock("x", 20, stale.fence())).isFalse();
		stale.close();
		assertThat(this.locks.getLocker("x")).isEqualTo("john");
	}

	@Test
	void refreshLeavesAForeignLockWithoutTtlAsItIs() {
		this.fixture.redis().opsForValue().set(this.fixture.lockKey("x"), "john");
		assertThat(this.locks.refresh("x")).isTrue();
		assertThat(remaining("x")).isEqualTo(-1);
	}

	@Test
	void foreignLockOfABlankHolderIsHonoured() {
		this.fixture.redis().opsForValue().set(this.fixture.lockKey("x"), "");
		assertThat(this.locks.lock("x", 20)).isFalse();
		assertThat(this.locks.find("x")).get().returns("", LockInfo::locker);
		assertThat(this.locks.unlock("x")).isTrue();
		assertThat(this.fixture.events(LockReleasedEvent.class)).hasSize(1);
	}

	@Test
	void expiryIsNotLostWhenAForeignLockHasTheSameLocker() {
		this.locks.lock(LockRequest.of("x").by("john").ttl(Duration.ofMillis(5)));
		await().until(() -> this.locks.getLocker("x") == null);
		setForeignLock();
		assertThat(this.locks.find("x")).get().returns(0L, LockInfo::fence);
		assertThat(this.locks.unlock("x")).isTrue();
		Set<Long> published = ConcurrentHashMap.newKeySet();
		try (ExpiryCollector worker = new ExpiryCollector(this.fixture, published)) {
			worker.awaitAll(1);
		}
		assertThat(published).hasSize(1);
	}

	private void setForeignLock() {
		this.fixture.redis().opsForValue().set(this.fixture.lockKey("x"), "john", Duration.ofSeconds(5));
	}

}
