package io.locky.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.locky.InvalidLockValueException;
import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.PeopleSettings;
import io.locky.people.Hold;
import io.locky.people.HoldOutcome;
import io.locky.people.HoldPage;
import io.locky.people.LockHistory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * The history of locks, on any Redis.
 */
abstract class HistoryContract extends LockyContract {

	private LockyTemplate kept;

	private LockHistory history;

	@BeforeEach
	void keepHistory() {
		this.kept = this.fixture.start(this.fixture.settings()
			.ttl(TTL)
			.expiration(true)
			.people(PeopleSettings.NONE.with(PeopleSettings.History.DEFAULT))
			.build());
		this.history = this.kept.history();
	}

	@Test
	void eachEndOfAHoldIsShownWithWhoAndWhy() {
		long released = grant(LockRequest.of("x").by("ann")).fence();
		assertThat(this.kept.unlock("x", "ann", released)).isTrue();
		this.kept.lock("x", "ann");
		this.kept.unlock("x");
		this.kept.lock(LockRequest.of("x").by("bob").note("my own note"));
		this.kept.lock(LockRequest.of("x").by("eve \"the boss\"").force().note("it is \"urgent\"").maxHold(TTL));
		assertThat(this.kept.refresh("x")).isTrue();
		this.kept.unlock("x", "eve \"the boss\"");
		this.kept.lock(LockRequest.of("x").by("zoë").ttl(Duration.ofMillis(20)));
		await().until(() -> this.history.history("x", null, 9).holds().size() == 5);
		assertThat(this.history.history("x", null, 9).holds())
			.extracting(Hold::resource, Hold::locker, Hold::outcome, Hold::by, Hold::note)
			.containsExactly(tuple("x", "zoë", HoldOutcome.EXPIRED, null, null),
					tuple("x", "eve \"the boss\"", HoldOutcome.RELEASED, "eve \"the boss\"", null),
					tuple("x", "bob", HoldOutcome.TAKEN_OVER, "eve \"the boss\"", "it is \"urgent\""),
					tuple("x", "ann", HoldOutcome.FORCE_RELEASED, null, null),
					tuple("x", "ann", HoldOutcome.RELEASED, "ann", null));
		assertThat(this.history.history("y", null, 9)).isEqualTo(new HoldPage(List.of(), null));
	}

	@Test
	void timesAreThoseOfTheGrantAndOfItsEnd() {
		LockHandle handle = grant(LockRequest.of("x").by("ann"));
		Instant since = Objects.requireNonNull(this.kept.find("x").orElseThrow().since());
		handle.close();
		LockHandle late = grant(LockRequest.of("x").by("bob").ttl(Duration.ofSeconds(2)));
		Instant lateSince = Objects.requireNonNull(this.kept.find("x").orElseThrow().since());
		await().until(() -> this.history.history("x", null, 9).holds().size() == 2);
		List<Hold> holds = this.history.history("x", null, 9).holds();
		assertThat(holds.get(0)).returns(late.fence(), Hold::fence)
			.returns(lateSince, Hold::since)
			.returns(lateSince.plusSeconds(2), Hold::until);
		assertThat(holds.get(1)).returns(handle.fence(), Hold::fence).returns(since, Hold::since);
		assertThat(holds.get(1).until()).isBetween(since, lateSince);
	}

	@Test
	void severalLocksAreReleasedAtOnce() {
		List<String> resources = List.of("a", "b", "c", "d", "e");
		assertThat(this.kept.lockAll(resources, "ann")).isTrue();
		assertThat(this.kept.unlockAll("ann")).isEqualTo(5);
		assertThat(resources)
			.allSatisfy((resource) -> assertThat(this.history.history(resource, null, 9).holds()).singleElement()
				.returns(resource, Hold::resource)
				.returns("ann", Hold::locker)
				.returns(HoldOutcome.RELEASED, Hold::outcome));
	}

	@Test
	void holdOfAnUndoneLockAllIsReleasedByItsLocker() {
		this.kept.lock("e", "bob");
		assertThat(this.kept.lockAll(List.of("a", "b", "c", "d", "e"), "ann")).isFalse();
		for (String resource : List.of("a", "b", "c", "d")) {
			assertThat(this.history.history(resource, null, 9).holds())
				.allSatisfy((hold) -> assertThat(hold).returns("ann", Hold::by));
		}
	}

	@Test
	void pagesHaveEachHoldOnce() {
		for (int i = 0; i < 7; i++) {
			this.kept.lock("x", i);
			this.kept.unlock("x", i);
		}
		HoldPage first = this.history.history("x", null, 3);
		HoldPage second = this.history.history("x", first.next(), 3);
		HoldPage third = this.history.history("x", second.next(), 3);
		assertThat(List.of(first, second, third)).extracting((page) -> page.holds().stream().map(Hold::locker).toList())
			.containsExactly(List.of("6", "5", "4"), List.of("3", "2", "1"), List.of("0"));
		assertThat(third.next()).isNull();
		assertThat(this.history.history("x", null, 7).next()).isNull();
	}

	@Test
	void wrongInputIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.history.history("x", null, 0))
			.withMessage("'size' must be from 1 to 500, but is 0");
		assertThatIllegalArgumentException().isThrownBy(() -> this.history.history("x", null, 501));
		assertThatExceptionOfType(InvalidLockValueException.class).isThrownBy(() -> this.history.history(" ", null, 1));
	}

	@Test
	void keyOfAHistoryEndsByItself() {
		this.kept.lock("x", "ann");
		this.kept.unlock("x", "ann");
		assertThat(this.fixture.redis().getExpire(this.fixture.key("x", "people:history:x")))
			.isBetween(Duration.ofDays(29).toSeconds(), Duration.ofDays(30).toSeconds());
	}

	@Test
	void nothingIsKeptUnlessAskedFor() {
		this.locks.lock("x", "ann");
		this.locks.lock(LockRequest.of("x").by("bob").force());
		this.locks.unlock("x");
		assertThat(this.history.history("x", null, 9).holds()).isEmpty();
	}

	private LockHandle grant(LockRequest request) {
		return ((LockAttempt.Acquired) this.kept.tryLock(request)).handle();
	}

}
