package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.PeopleSettings;
import io.locky.event.LineChangedEvent;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockOfferedEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.people.LineFullException;
import io.locky.people.LinePlace;
import io.locky.people.LockLine;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Lines of people on any Redis.
 */
@Timeout(60)
abstract class LockLineContract extends LockyContract {

	private static final Duration SHORT = Duration.ofSeconds(1);

	private static final Duration LONG = Duration.ofSeconds(40);

	private LockLine line;

	@BeforeEach
	void openLine() {
		this.template = start(LONG, LONG);
		this.locks = this.template;
		this.line = this.template.line();
	}

	private LockyTemplate start(Duration placeTtl, Duration offer) {
		return this.fixture.start(settings(placeTtl, offer).build());
	}

	private LockySettings.Builder settings(Duration placeTtl, Duration offer) {
		return this.fixture.settings()
			.ttl(TTL)
			.people(PeopleSettings.NONE.with(new PeopleSettings.Line(placeTtl, offer)));
	}

	private List<String> inLine() {
		return this.line.places("x").stream().map(LinePlace::locker).toList();
	}

	private String lineText() {
		return this.fixture.redis().opsForValue().get(this.fixture.keys().partitionOf("x").line("x"));
	}

	@Test
	void placesAreInTheOrderOfJoining() {
		this.locks.lock("x", "holder");
		LinePlace ann = this.line.join("x", "ann");
		assertThat(ann).returns("x", LinePlace::resource)
			.returns("ann", LinePlace::locker)
			.returns(1, LinePlace::position);
		assertThat(ann.offeredFor()).isNull();
		assertThat(ann.expiresIn()).isBetween(LONG.minusSeconds(5), LONG);
		assertThat(this.line.join("x", "b\"\\en")).returns(2, LinePlace::position);
		assertThat(this.line.join("x", "ann").since()).isEqualTo(ann.since());
		assertThat(this.line.refresh("x", "b\"\\en")).get().returns(2, LinePlace::position);
		assertThat(inLine()).containsExactly("ann", "b\"\\en");
		assertThat(this.line.places("other")).isEmpty();
		assertThat(this.line.refresh("x", "carl")).isEmpty();
		assertThat(this.line.leave("x", "carl")).isFalse();
		assertThat(this.fixture.events(LineChangedEvent.class))
			.extracting(LockyEvent::getLocker, LineChangedEvent::isJoined, LineChangedEvent::getLength)
			.containsExactly(tuple("ann", true, 1), tuple("b\"\\en", true, 2));
		assertThat(this.line.leave("x", "ann")).isTrue();
		assertThat(this.line.leave("x", "b\"\\en")).isTrue();
		assertThat(lineText()).isNull();
	}

	@Test
	void freeLockIsOfferedToTheFirstAlone() {
		LinePlace ann = this.line.join("x", "ann");
		assertThat(ann.offeredFor()).isBetween(LONG.minusSeconds(5), LONG);
		this.line.join("x", "ben");
		String before = lineText();
		assertThat(this.locks.lock("x", "ben")).isFalse();
		assertThat(this.locks.lock("x", "new")).isFalse();
		assertThat(this.locks.lock(LockRequest.of("x").by("new").reentrant())).isFalse();
		assertThat(this.locks.lock(LockRequest.of("x").by("new").note("now"))).isFalse();
		assertThat(this.locks.lock(LockRequest.of("x").by("new").ttl(Duration.ofMillis(300)))).isFalse();
		assertThat(this.locks.lockAll(List.of("x"), "new")).isFalse();
		assertThat(lineText()).isEqualTo(before);
		assertThat(this.fixture.events(LockAcquiredEvent.class)).isEmpty();
		assertThat(this.locks.lock("x", "ann")).isTrue();
		assertThat(inLine()).containsExactly("ben");
		assertThat(this.line.refresh("x", "ann")).isEmpty();
		assertThat(this.line.refresh("x", "ben").orElseThrow().offeredFor()).isNull();
	}

	@Test
	void denialNamesWhoIsOfferedTheLock() {
		this.line.join("x", "ann");
		LockAttempt attempt = this.locks.tryLock(LockRequest.of("x").by("new"));
		LockInfo lock = Objects.requireNonNull(((LockAttempt.Denied) attempt).lock());
		assertThat(lock).returns("ann", LockInfo::locker).returns(0L, LockInfo::fence);
		assertThat(lock.expiresIn()).isBetween(LONG.minusSeconds(5), LONG);
		assertThat(lock.since()).isNull();
		assertThat(this.locks.find("x")).isEmpty();
	}

	static Stream<Consumer<LockyTemplate>> releases() {
		return Stream.of((locks) -> locks.unlock("x"), (locks) -> locks.unlock("x", "holder"),
				(locks) -> locks.unlock("x", "holder", locks.find("x").orElseThrow().fence()),
				(locks) -> locks.unlockAll("holder"));
	}

	@ParameterizedTest
	@MethodSource("releases")
	void releaseOffersToTheFirstInOneStep(Consumer<LockyTemplate> release) {
		this.locks.lock("x", "holder");
		this.line.join("x", "ann");
		this.line.join("x", "ben");
		this.fixture.events().clear();
		release.accept(this.template);
		assertThat(this.fixture.events()).hasSize(2);
		assertThat(this.fixture.events().get(0)).isInstanceOf(LockReleasedEvent.class);
		assertThat(this.fixture.events(LockOfferedEvent.class)).singleElement()
			.returns("ann", LockyEvent::getLocker)
			.returns("x", LockyEvent::getResource)
			.satisfies((offer) -> assertThat(Duration.between(offer.getOccurredAt(), offer.getOfferedUntil()))
				.isEqualTo(LONG));
		assertThat(this.line.places("x").get(0).offeredFor()).isNotNull();
		assertThat(this.locks.lock("x", "new")).isFalse();
		assertThat(this.locks.lock("x", "ann")).isTrue();
	}

	@Test
	void closedHandleOffersToo() {
		try (var handle = acquire(LockRequest.of("x").by("holder").autoRenew())) {
			this.line.join("x", "ann");
			assertThat(handle.isValid()).isTrue();
		}
		assertThat(this.line.places("x").get(0).offeredFor()).isNotNull();
	}

	@Test
	void lockAllRespectsEveryLine() {
		assertThat(this.locks.lockAll(List.of("x", "y", "z"), "holder")).isTrue();
		this.line.join("x", "ann");
		this.line.join("z", "ben");
		this.fixture.events().clear();
		assertThat(this.locks.unlockAll("holder")).isEqualTo(3);
		assertThat(this.fixture.events(LockOfferedEvent.class)).extracting(LockyEvent::getLocker)
			.containsExactlyInAnyOrder("ann", "ben");
		assertThat(this.locks.lockAll(List.of("x", "y"), "new")).isFalse();
		assertThat(this.locks.find("y")).isEmpty();
		assertThat(this.locks.lockAll(List.of("y", "z"), "ann")).isFalse();
		assertThat(this.locks.lockAll(List.of("x", "y"), "ann")).isTrue();
		assertThat(inLine()).isEmpty();
		assertThat(this.line.places("z")).hasSize(1);
	}

	@Test
	void forceComesBeforeTheLineAndCostsNoPlace() {
		this.line.join("x", "ann");
		this.line.join("x", "ben");
		assertThat(this.locks.lock(LockRequest.of("x").by("chief").force())).isTrue();
		assertThat(inLine()).containsExactly("ann", "ben");
		assertThat(this.line.places("x").get(0).offeredFor()).isNull();
		this.locks.unlock("x", "chief");
		assertThat(this.line.places("x").get(0)).returns("ann", LinePlace::locker)
			.satisfies((place) -> assertThat(place.offeredFor()).isNotNull());
	}

	@Test
	void whoTakesOverHasNoPlaceAnyMore() {
		this.locks.lock("x", "holder");
		this.line.join("x", "ann");
		this.line.join("x", "ben");
		assertThat(this.locks.lock(LockRequest.of("x").by("ben").takeOverFrom(fence("x")))).isTrue();
		assertThat(inLine()).containsExactly("ann");
		this.locks.unlock("x");
		assertThat(this.locks.lock("x", "ben")).isFalse();
		assertThat(this.locks.lock("x", "ann")).isTrue();
	}

	@Test
	void offerThatIsNotTakenPassesOnByItself() {
		LockLine impatient = start(LONG, SHORT).line();
		impatient.join("x", "ann");
		impatient.join("x", "ben");
		await().until(() -> this.fixture.events(LockOfferedEvent.class).size() == 2);
		assertThat(this.fixture.events(LockOfferedEvent.class)).extracting(LockyEvent::getLocker)
			.containsExactly("ann", "ben");
		assertThat(inLine()).containsExactly("ben");
		assertThat(this.locks.lock("x", "ann")).isFalse();
		assertThat(this.locks.lock("x", "ben")).isTrue();
		assertThat(this.fixture.events(LineChangedEvent.class)).filteredOn((change) -> !change.isJoined())
			.extracting(LockyEvent::getLocker)
			.containsExactly("ann");
	}

	@Test
	void nobodyElseNeedsToNoticeThatAnOfferIsOver() {
		LockyTemplate impatient = start(LONG, SHORT);
		impatient.line().join("x", "ann");
		impatient.close();
		await().until(() -> this.line.places("x").isEmpty());
		assertThat(this.locks.lock("x", "new")).isTrue();
		assertThat(lineText()).isNull();
	}

	@Test
	void leavePassesTheOfferOn() {
		this.line.join("x", "ann");
		this.line.join("x", "ben");
		this.line.leave("x", "ann");
		assertThat(this.fixture.events(LockOfferedEvent.class)).extracting(LockyEvent::getLocker)
			.containsExactly("ann", "ben");
		assertThat(this.locks.lock("x", "ben")).isTrue();
	}

	@Test
	void placeThatIsNotRefreshedEnds() {
		this.locks.lock("x", "holder");
		start(SHORT, LONG).line().join("x", "crashed");
		this.line.join("x", "ben");
		assertThat(inLine()).containsExactly("crashed", "ben");
		await().until(() -> inLine().equals(List.of("ben")));
		this.locks.unlock("x");
		assertThat(this.fixture.events(LockOfferedEvent.class)).extracting(LockyEvent::getLocker)
			.containsExactly("ben");
		assertThat(this.locks.lock("x", "ben")).isTrue();
	}

	@Test
	void expiredLockIsOfferedBeforeAnybodyRefreshes() {
		this.fixture.start(settings(LONG, LONG).expiration(true).build());
		this.locks.lock(LockRequest.of("x").by("holder").ttl(Duration.ofMillis(700)));
		this.line.join("x", "ann");
		await().until(() -> !this.fixture.events(LockOfferedEvent.class).isEmpty());
		assertThat(this.locks.lock("x", "new")).isFalse();
		assertThat(this.locks.lock("x", "ann")).isTrue();
	}

	@Test
	void refreshNoticesALockThatIsFree() {
		this.locks.lock("x", "holder");
		this.line.join("x", "ann");
		this.fixture.redis().delete(this.fixture.lockKey("x"));
		assertThat(this.locks.lock("x", "new")).isFalse();
		assertThat(this.line.refresh("x", "ann").orElseThrow().offeredFor()).isNotNull();
		assertThat(this.fixture.events(LockOfferedEvent.class)).hasSize(1);
		this.line.refresh("x", "ann");
		assertThat(this.fixture.events(LockOfferedEvent.class)).hasSize(1);
	}

	@Test
	void peopleComeBeforeRequestsThatWait() throws Exception {
		this.locks.lock("x", "holder");
		this.line.join("x", "ann");
		CompletableFuture<LockAttempt> waiter = TestThreads
			.supply(() -> this.locks.tryLock(LockRequest.of("x").by("job").waitUpTo(Duration.ofSeconds(30))));
		await().until(() -> !this.template.waiters("x").isEmpty());
		this.locks.unlock("x");
		assertThat(this.locks.lock("x", "ann")).isTrue();
		assertThat(waiter).isNotDone();
		this.locks.unlock("x", "ann");
		assertThat(waiter.get()).isInstanceOf(LockAttempt.Acquired.class);
	}

	@Test
	void requestThatWaitsGetsWhatNobodyInTheLineWants() throws Exception {
		this.line.join("x", "ann");
		CompletableFuture<LockAttempt> waiter = TestThreads
			.supply(() -> this.locks.tryLock(LockRequest.of("x").by("job").waitUpTo(Duration.ofSeconds(30))));
		await().until(() -> !this.template.waiters("x").isEmpty());
		this.line.leave("x", "ann");
		assertThat(waiter.get()).isInstanceOf(LockAttempt.Acquired.class);
	}

	@Test
	void fairRequestWaitsInTheLine() throws Exception {
		this.locks.lock("x", "holder");
		this.line.join("x", "ann");
		LockRequest fair = LockRequest.of("x").by("job").waitUpTo(Duration.ofSeconds(30)).fair();
		CompletableFuture<LockAttempt> blocking = TestThreads.supply(() -> this.locks.tryLock(fair));
		await().until(() -> inLine().equals(List.of("ann", "job")));
		CompletableFuture<LockAttempt> async = start(LONG, LONG)
			.tryLockAsync(LockRequest.of("x").by("task").waitUpTo(Duration.ofSeconds(30)).fair());
		await().until(() -> inLine().equals(List.of("ann", "job", "task")));
		this.locks.unlock("x");
		this.locks.lock("x", "ann");
		assertThat(blocking).isNotDone();
		this.locks.unlock("x", "ann");
		// Without the message, it would look after a third of its lease only.
		assertThat(blocking.get(8, TimeUnit.SECONDS)).isInstanceOf(LockAttempt.Acquired.class);
		assertThat(inLine()).containsExactly("task");
		((LockAttempt.Acquired) blocking.get()).handle().close();
		assertThat(async.get(8, TimeUnit.SECONDS)).isInstanceOf(LockAttempt.Acquired.class);
		assertThat(lineText()).isNull();
	}

	@Test
	void fairRequestThatGivesUpLeavesTheLine() {
		this.locks.lock("x", "holder");
		LockRequest fair = LockRequest.of("x").by("job").fair();
		assertThat(this.locks.lock(fair.waitUpTo(Duration.ofMillis(100)))).isFalse();
		CompletableFuture<LockAttempt> async = this.locks.tryLockAsync(fair.waitUpTo(Duration.ofSeconds(30)));
		await().until(() -> inLine().equals(List.of("job")));
		async.cancel(false);
		await().until(() -> inLine().isEmpty());
		assertThat(this.locks.lock(fair)).as("does not wait").isFalse();
	}

	@Test
	void fairRequestNeedsLines() {
		LockyTemplate without = this.fixture.template(TTL);
		LockRequest fair = LockRequest.of("x").by("job").waitUpTo(Duration.ofSeconds(30)).fair();
		assertThatIllegalStateException().isThrownBy(() -> without.tryLock(fair)).withMessageContaining("locky.line");
		assertThatIllegalStateException().isThrownBy(() -> without.tryLockAsync(fair));
		assertThatIllegalStateException().isThrownBy(without::line);
		assertThat(without.getLocker("x")).isNull();
	}

	@Test
	void lineHasBoundsAndEndsWithItsLastLease() {
		this.locks.lock("x", "holder");
		for (int i = 0; i < 500; i++) {
			this.line.join("x", "p" + i);
		}
		assertThatExceptionOfType(LineFullException.class).isThrownBy(() -> this.line.join("x", "more"))
			.withMessageContaining("500");
		assertThat(this.line.join("x", "p499").position()).isEqualTo(500);
		assertThat(this.line.places("x")).hasSize(500);
		assertThat(this.fixture.redis().getExpire(this.fixture.keys().partitionOf("x").line("x"))).isBetween(30L, 40L);
		this.locks.unlock("x");
		assertThat(this.locks.lock("x", "p0")).isTrue();
	}

	@Test
	void damagedLineIsLeftAloneAndLocksGoOn() {
		String key = this.fixture.keys().partitionOf("x").line("x");
		for (String text : List.of("2[1]", "damaged", "[")) {
			this.fixture.redis().opsForValue().set(key, text);
			assertThat(this.locks.lock("x", "ann")).isTrue();
			assertThat(this.locks.unlock("x", "ann")).isTrue();
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.line.join("x", "ben"))
				.withMessageContaining("cannot be read");
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.line.places("x"));
			assertThat(lineText()).isEqualTo(text);
		}
	}

}
