package io.locky.faults.check;

import java.util.List;

import io.locky.faults.check.Violation.Kind;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Entry;
import org.junit.jupiter.api.Test;

import static io.locky.faults.check.Histories.acquire;
import static io.locky.faults.check.Histories.call;
import static io.locky.faults.check.Histories.denied;
import static io.locky.faults.check.Histories.done;
import static io.locky.faults.check.Histories.find;
import static io.locky.faults.check.Histories.free;
import static io.locky.faults.check.Histories.granted;
import static io.locky.faults.check.Histories.held;
import static io.locky.faults.check.Histories.kinds;
import static io.locky.faults.check.Histories.refresh;
import static io.locky.faults.check.Histories.refused;
import static io.locky.faults.check.Histories.release;
import static io.locky.faults.check.Histories.save;
import static io.locky.faults.check.Histories.takeOver;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Histories with one violation, each the smallest of its kind.
 */
class CheckerTests {

	private static final Call ANN = acquire("ann", 0, 1, granted("ann", 7));

	@Test
	void lockThatIsHeldIsNotGranted() {
		illegal(ANN, acquire("bob", 10, 11, granted("bob", 8)));
	}

	@Test
	void lockIsNotGrantedBeforeTheLeaseIsOver() {
		illegal(ANN, refresh("ann", 7L, 60, 61, done()), acquire("bob", 110, 120, granted("bob", 8)));
	}

	@Test
	void lockIsNotHeldAfterTheLeaseIsOver() {
		illegal(ANN, find(102, 103, held("ann", 7)));
	}

	@Test
	void lockIsNotRefreshedAfterTheLeaseIsOver() {
		illegal(ANN, refresh("ann", 7L, 102, 103, done()));
	}

	@Test
	void lockIsNotDeniedAfterTheLeaseIsOver() {
		illegal(ANN, acquire("bob", 102, 103, denied("ann", 7L)));
	}

	@Test
	void lockIsNotReleasedByAnother() {
		illegal(ANN, release("bob", null, 10, 11, done()));
	}

	@Test
	void lockIsNotReleasedByAnEarlierGrant() {
		illegal(ANN, release("ann", 7L, 2, 3, done()), acquire("ann", 4, 5, granted("ann", 8)),
				release("ann", 7L, 6, 7, done()));
	}

	@Test
	void releaseHasNoEffectLater() {
		illegal(ANN, release("ann", null, 2, 3, done()), acquire("bob", 4, 5, granted("bob", 8)),
				acquire("cid", 6, 7, granted("cid", 9)));
	}

	@Test
	void acquireHasNoEffectLater() {
		illegal(ANN, release("ann", null, 2, 3, done()), acquire("bob", 4, 5, denied("ann", 8L)));
	}

	@Test
	void releaseThatWasRefusedHasNoEffect() {
		illegal(ANN, release("bob", null, 2, 3, refused()), find(4, 5, free()));
	}

	@Test
	void holderIsNotRefused() {
		illegal(ANN, refresh("ann", 7L, 2, 3, refused()));
	}

	@Test
	void freeLockIsNotDenied() {
		illegal(ANN, release("ann", 7L, 2, 3, done()), acquire("bob", 4, 5, denied("ann", 7L)));
	}

	@Test
	void deniedAttemptDoesNotChangeTheLease() {
		illegal(ANN, acquire("bob", 50, 51, denied("ann", 7L)), find(140, 141, held("ann", 7)));
	}

	@Test
	void takeOverOfOneGrantLeavesTheNextOne() {
		illegal(ANN, takeOver("bob", 6L, 2, 3, granted("bob", 8)));
	}

	@Test
	void takeOverEndsTheGrant() {
		illegal(ANN, takeOver("bob", null, 2, 3, granted("bob", 8)), refresh("ann", 7L, 4, 5, done()));
	}

	@Test
	void reEntryKeepsTheFence() {
		illegal(ANN, call("ann", Operation.REENTER, null, 2, 3, granted("ann", 8)));
	}

	@Test
	void callWithoutAnswerHasOneEffect() {
		illegal(acquire("ann", 0, 1, Answer.UNKNOWN), find(2, 3, held("ann", 7)), find(4, 5, free()),
				find(6, 7, held("ann", 8)));
	}

	@Test
	void fenceIsNotGivenTwice() {
		assertThat(kinds(ANN, release("ann", 7L, 2, 3, done()), acquire("bob", 4, 5, granted("bob", 7))))
			.containsExactly(Kind.FENCE_NOT_RISING);
	}

	@Test
	void fenceDoesNotFall() {
		assertThat(kinds(ANN, release("ann", 7L, 2, 3, done()), acquire("bob", 4, 5, granted("bob", 6))))
			.containsExactly(Kind.FENCE_NOT_RISING);
	}

	@Test
	void saveUnderLowerFenceAfterHigherOneIsStale() {
		assertThat(kinds(save(8, 10, 20), save(7, 30, 40))).containsExactly(Kind.STALE_SAVE);
	}

	@Test
	void lossOfDataIsCountedAsSuch() {
		Assumptions lost = Assumptions.none().withDataLost();
		assertThat(kinds(lost, ANN, acquire("bob", 10, 11, granted("bob", 8)))).containsExactly(Kind.DOUBLE_GRANT);
		assertThat(kinds(lost, ANN, find(10, 11, free()), refresh("ann", 7L, 12, 13, refused())))
			.containsExactly(Kind.LOST_LOCK);
		assertThat(kinds(lost, save(8, 10, 20), save(7, 30, 40))).containsExactly(Kind.STALE_SAVE);
	}

	@Test
	void violationNamesTheCallAndTheState() {
		assertThat(Checker.check(List.of(ANN, acquire("bob", 10, 11, granted("bob", 8))), Assumptions.none()))
			.singleElement()
			.asString()
			.isEqualTo("ILLEGAL_ORDER a: p-bob ACQUIRE by bob for 100 ms -> GRANTED (bob, 8) [10.000, 11.000]"
					+ " while it was held by ann under 7 until 100.000");
	}

	private static void illegal(Entry... history) {
		assertThat(kinds(history)).containsOnly(Kind.ILLEGAL_ORDER);
	}

}
