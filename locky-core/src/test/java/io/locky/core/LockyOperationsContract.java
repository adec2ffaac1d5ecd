package io.locky.core;

import java.time.Duration;
import java.util.List;

import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What locks do, in Redis (standalone, Cluster or Sentinel) and in any other engine.
 */
abstract class LockyOperationsContract extends EngineContract {

	@Test
	void lockAcquiresAFreeResourceForTheTtl() {
		assertThat(this.locks.lock("article:12", 20)).isTrue();
		assertThat(this.engine.holder("article:12")).isEqualTo("20");
		assertThat(remaining("article:12")).isBetween(40_000L, 47_000L);
	}

	@Test
	void lockWithoutTtlNeverExpires() {
		LockyOperations endless = this.engine.locks(null);
		assertThat(endless.lock("article:12", 20)).isTrue();
		assertThat(this.engine.holder("article:12")).isEqualTo("20");
		assertThat(remaining("article:12")).isEqualTo(-1);
		assertThat(endless.find("article:12")).get().extracting(LockInfo::expiresIn).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { 20, 21 })
	void lockIsRefusedWhileHeldEvenByTheSameLocker(int locker) {
		this.locks.lock(LockRequest.of("article:12").by(20).ttl(Duration.ofSeconds(9)));
		assertThat(this.locks.lock("article:12", locker)).isFalse();
		assertThat(this.engine.holder("article:12")).isEqualTo("20");
		assertThat(remaining("article:12")).isBetween(1L, 9_000L);
		assertThat(events()).hasSize(1);
	}

	@Test
	void refusedLockChangesNothing() {
		this.locks.lock("article:12", 20);
		Object state = this.engine.state("article:12");
		this.locks.lock("article:12", 21);
		assertThat(this.engine.state("article:12")).isEqualTo(state);
	}

	@Test
	void forceReplacesTheHolderWithAHigherFence() {
		this.locks.lock(LockRequest.of("article:23").by(19).ttl(Duration.ofSeconds(3)));
		long fence = fence("article:23");
		assertThat(this.locks.lock(LockRequest.of("article:23").by(20).force())).isTrue();
		assertThat(this.engine.holder("article:23")).isEqualTo("20");
		assertThat(remaining("article:23")).isGreaterThan(40_000);
		assertThat(fence("article:23")).isGreaterThan(fence);
	}

	@Test
	void forceAcquiresAFreeResourceLikeALock() {
		assertThat(this.locks.lock(LockRequest.of("article:23").by(20).force())).isTrue();
		assertThat(events()).singleElement().isExactlyInstanceOf(LockAcquiredEvent.class);
	}

	@Test
	void fenceRisesAfterRedisLostItsData() {
		this.locks.lock("article:23", 20);
		long fence = fence("article:23");
		this.engine.loseData();
		this.locks.lock("article:23", 21);
		assertThat(fence("article:23")).isGreaterThan(fence);
	}

	@Test
	void refreshResetsTheTtl() {
		this.locks.lock("article:23", 20);
		this.engine.shorten("article:23", Duration.ofSeconds(5));
		assertThat(this.locks.refresh("article:23")).isTrue();
		assertThat(remaining("article:23")).isBetween(40_000L, 47_000L);
	}

	@Test
	void refreshKeepsTheTtlOfTheRequest() {
		this.locks.lock(LockRequest.of("article:23").by(20).ttl(Duration.ofSeconds(300)));
		this.engine.shorten("article:23", Duration.ofSeconds(5));
		assertThat(this.locks.refresh("article:23")).isTrue();
		assertThat(remaining("article:23")).isBetween(290_000L, 300_000L);
	}

	@Test
	void refreshOfAFreeResourceIsFalseAndLeavesNothing() {
		assertThat(this.locks.refresh("article:23")).isFalse();
		assertThat(this.engine.isEmpty()).isTrue();
	}

	@Test
	void refreshWithoutTtlIsTrueIfHeldAndChangesNothing() {
		LockyOperations endless = this.engine.locks(null);
		assertThat(endless.refresh("article:23")).isFalse();
		endless.lock("article:23", 20);
		assertThat(endless.refresh("article:23")).isTrue();
		assertThat(remaining("article:23")).isEqualTo(-1);
	}

	@Test
	void refreshAndUnlockByLockerLeaveOthersAlone() {
		this.locks.lock(LockRequest.of("article:23").by(20).ttl(Duration.ofSeconds(9)));
		assertThat(this.locks.refresh("article:23", 21)).isFalse();
		assertThat(this.locks.unlock("article:23", 21)).isFalse();
		assertThat(remaining("article:23")).isBetween(1L, 9_000L);
		assertThat(this.locks.refresh("article:23", 20)).isTrue();
		assertThat(this.locks.unlock("article:23", 20)).isTrue();
		assertThat(this.locks.getLocker("article:23")).isNull();
	}

	@Test
	void refreshOfAGrantResetsItsTtl() {
		long fence = acquire(LockRequest.of("x").by("ann")).fence();
		this.engine.shorten("x", Duration.ofSeconds(5));
		LockRefresh refreshed = this.locks.tryRefresh("x", "ann", fence);
		assertThat(refreshed.held()).isTrue();
		assertThat(refreshed.expiresIn()).isBetween(Duration.ofSeconds(40), TTL);
		this.engine.shorten("x", Duration.ofSeconds(5));
		assertThat(this.locks.refresh("x", "ann", fence)).isTrue();
		assertThat(remaining("x")).isBetween(40_000L, 47_000L);
		assertThat(events()).hasSize(1);
	}

	@Test
	void refreshOfAGrantWithoutTtlChangesNothing() {
		LockyOperations endless = this.engine.locks(null);
		endless.lock("x", "ann");
		assertThat(endless.tryRefresh("x", "ann", fence("x"))).isEqualTo(new LockRefresh(true, null));
		assertThat(remaining("x")).isEqualTo(-1);
	}

	@Test
	void unlockOfAGrantReleasesItOnceWithAnEvent() {
		long fence = acquire(LockRequest.of("x").by("ann")).fence();
		assertThat(this.locks.unlock("x", "ann", fence)).isTrue();
		assertThat(this.locks.unlock("x", "ann", fence)).isFalse();
		assertThat(this.locks.getLocker("x")).isNull();
		assertThat(events(LockReleasedEvent.class)).singleElement()
			.returns("x", LockReleasedEvent::getResource)
			.returns("ann", LockReleasedEvent::getLocker)
			.returns(fence, LockReleasedEvent::getFence);
	}

	@Test
	void grantOfAnotherLockerIsLeftAlone() {
		long fence = acquire(LockRequest.of("x").by("ann").ttl(Duration.ofSeconds(9))).fence();
		assertGone("x", "bob", fence);
		assertThat(remaining("x")).isBetween(1L, 9_000L);
		assertThat(this.locks.unlock("x", "ann", fence)).isTrue();
	}

	@Test
	void endedGrantCanNeitherBeRefreshedNorReleased() {
		long released = acquire(LockRequest.of("x").by("ann")).fence();
		this.locks.unlock("x");
		assertGone("x", "ann", released);
		long expired = acquire(LockRequest.of("x").by("ann").ttl(Duration.ofMillis(5))).fence();
		this.engine.pass(Duration.ofMillis(5));
		await().until(() -> this.locks.getLocker("x") == null);
		assertGone("x", "ann", expired);
		assertThat(this.locks.getLocker("x")).isNull();
		assertThat(events(LockReleasedEvent.class)).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ann", "bob" })
	void grantTakenOverCannotAffectTheNextHolder(String next) {
		long stale = acquire(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(5))).fence();
		LockHandle winner = acquire(LockRequest.of("x").by(next).ttl(Duration.ofSeconds(9)).force());
		Object state = this.engine.state("x");
		assertGone("x", "ann", stale);
		assertThat(this.engine.state("x")).isEqualTo(state);
		assertThat(remaining("x")).isBetween(1L, 9_000L);
		assertThat(events(LockReleasedEvent.class)).isEmpty();
		assertThat(this.locks.unlock("x", next, winner.fence())).isTrue();
	}

	private void assertGone(String resource, String locker, long fence) {
		assertThat(this.locks.tryRefresh(resource, locker, fence)).isEqualTo(new LockRefresh(false, null));
		assertThat(this.locks.refresh(resource, locker, fence)).isFalse();
		assertThat(this.locks.unlock(resource, locker, fence)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -7 })
	void fenceThatNoGrantHasIsRefused(long fence) {
		this.locks.lock("x", "ann");
		List<Runnable> calls = List.of(() -> this.locks.tryRefresh("x", "ann", fence),
				() -> this.locks.refresh("x", "ann", fence), () -> this.locks.unlock("x", "ann", fence));
		for (Runnable call : calls) {
			assertThatIllegalArgumentException().isThrownBy(call::run)
				.withMessageStartingWith("'fence' must be positive, but is %d: ".formatted(fence));
		}
		assertThat(this.locks.getLocker("x")).isEqualTo("ann");
	}

	@Test
	void unlockOfAFreeResourceIsFalseWithoutEvent() {
		assertThat(this.locks.unlock("article:23")).isFalse();
		assertThat(events()).isEmpty();
	}

	@Test
	void getLockerIsTheHolderAsTextOrNull() {
		assertThat(this.locks.getLocker("article:23")).isNull();
		this.locks.lock("article:23", 20L);
		assertThat(this.locks.getLocker("article:23")).isEqualTo("20");
	}

	@Test
	void findReturnsEveryDetailOfALock() {
		assertThat(this.locks.find("article:23")).isEmpty();
		this.locks.lock("article:23", "ann");
		assertThat(this.locks.find("article:23")).hasValueSatisfying((lock) -> {
			assertThat(lock.resource()).isEqualTo("article:23");
			assertThat(lock.locker()).isEqualTo("ann");
			assertThat(lock.fence()).isPositive();
			assertThat(lock.since()).isNotNull();
			assertThat(lock.expiresIn()).isBetween(Duration.ofSeconds(40), TTL);
		});
	}

	@Test
	void unusualResourcesWorkAndNeverCollide() {
		List<String> resources = List.of("a", "a:", "a:b", "{a}", "{a}b", "a}b{", "a*", "a b", " a", "a ", "ä",
				"a\u0308", "日本", "\uD83D\uDD12", "lock:a", "records", "\"a\"", "\\", "#", "%s", "[\"a\"]");
		for (String resource : resources) {
			assertThat(this.locks.lock(resource, "by " + resource)).as(resource).isTrue();
		}
		for (String resource : resources) {
			assertThat(this.locks.getLocker(resource)).isEqualTo("by " + resource);
			assertThat(this.locks.find(resource)).get().extracting(LockInfo::locker).isEqualTo("by " + resource);
			assertThat(this.locks.unlock(resource)).as(resource).isTrue();
		}
	}

	@Test
	void eventsDescribeEachChange() {
		this.locks.lock("x", "ann");
		long first = fence("x");
		this.locks.lock(LockRequest.of("x").by("bob").force());
		long second = fence("x");
		this.locks.unlock("x");
		assertThat(events()).hasSize(3);
		assertThat(events().get(0)).isExactlyInstanceOf(LockAcquiredEvent.class)
			.returns("x", (event) -> event.getResource())
			.returns("ann", (event) -> event.getLocker())
			.returns(first, (event) -> event.getFence());
		assertThat(events(LockTakenOverEvent.class)).singleElement()
			.returns("ann", LockTakenOverEvent::getPreviousLocker)
			.returns("bob", LockTakenOverEvent::getLocker)
			.returns(second, LockTakenOverEvent::getFence);
		assertThat(events().get(2)).isInstanceOf(LockReleasedEvent.class)
			.returns("bob", (event) -> event.getLocker())
			.returns(second, (event) -> event.getFence());
		assertThat(events()).extracting((event) -> event.getOccurredAt()).isSorted();
	}

}
