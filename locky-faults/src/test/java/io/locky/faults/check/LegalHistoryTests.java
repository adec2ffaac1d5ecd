package io.locky.faults.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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
 * Histories that look odd and are right, each beside one that is almost the same and
 * wrong.
 */
class LegalHistoryTests {

	private static final Call ANN = acquire("ann", 0, 1, granted("ann", 7));

	@Test
	void grantMayBeAnsweredBeforeTheReleaseInFrontOfIt() {
		legal(ANN, release("ann", 7L, 2, 20, done()), acquire("bob", 3, 4, granted("bob", 8)));
		illegal(ANN, release("ann", 7L, 5, 20, done()), acquire("bob", 3, 4, granted("bob", 8)));
	}

	@Test
	void leaseBeginsWhenTheCallArrives() {
		legal(acquire("ann", 0, 60, granted("ann", 7)), find(155, 156, held("ann", 7)));
		legal(acquire("ann", 0, 60, granted("ann", 7)), acquire("bob", 100, 101, granted("bob", 8)));
		illegal(acquire("ann", 50, 60, granted("ann", 7)), acquire("bob", 100, 101, granted("bob", 8)));
	}

	@Test
	void leaseEndsWithinTheTolerance() {
		Entry[] history = { ANN, acquire("bob", 90, 95, granted("bob", 8)) };
		assertThat(kinds(Assumptions.none().withTolerance(10), history)).isEmpty();
		assertThat(kinds(Assumptions.none().withTolerance(4), history)).containsExactly(Kind.ILLEGAL_ORDER);
	}

	@Test
	void leaseMayEndAtAnyTimeWhereTheClockJumps() {
		Entry[] history = { ANN, acquire("bob", 10, 11, granted("bob", 8)), find(500, 501, held("bob", 8)) };
		assertThat(kinds(Assumptions.none().withClockJumps(), history)).isEmpty();
		illegal(history);
	}

	@Test
	void acquireWithoutAnswerMayHaveAnEffectLater() {
		Call lost = acquire("ann", 0, 1, Answer.UNKNOWN);
		legal(lost, find(500, 501, free()), find(600, 601, held("ann", 7)),
				acquire("bob", 602, 603, denied("ann", 7L)));
		illegal(find(500, 501, free()), find(600, 601, held("ann", 7)));
	}

	@Test
	void grantWithoutAnswerMayBeReleased() {
		legal(acquire("ann", 0, 1, Answer.UNKNOWN), find(2, 3, held("ann", 7)), find(4, 5, free()));
		illegal(ANN, find(2, 3, held("ann", 7)), find(4, 5, free()));
	}

	@Test
	void grantWithoutAnswerHasOneFence() {
		illegal(acquire("ann", 0, 1, Answer.UNKNOWN), find(2, 3, held("ann", 7)), find(4, 5, held("ann", 8)));
	}

	@Test
	void releaseWithoutAnswerMayHaveAnEffectOrNot() {
		Call lost = release("ann", null, 2, 3, Answer.UNKNOWN);
		legal(ANN, lost, find(4, 5, free()));
		legal(ANN, lost, find(4, 5, held("ann", 7)), find(6, 7, free()));
		illegal(ANN, lost, find(4, 5, free()), find(6, 7, held("ann", 7)));
	}

	@Test
	void refreshWithoutAnswerMayExtendTheLease() {
		legal(ANN, refresh("ann", 7L, 50, 51, Answer.UNKNOWN), find(149, 150, held("ann", 7)));
		legal(ANN, refresh("ann", 7L, 50, 51, Answer.UNKNOWN), find(102, 103, free()));
		illegal(ANN, refresh("bob", null, 50, 51, Answer.UNKNOWN), find(149, 150, held("ann", 7)));
	}

	@Test
	void attemptSentAgainMayBeDeniedAfterItsGrantHasEnded() {
		Call denied = acquire("ann", 0, 250, denied("bob", 8L));
		Entry[] history = { denied, acquire("cid", 10, 11, denied("ann", 7L)),
				acquire("bob", 200, 201, granted("bob", 8)) };
		assertThat(kinds(Assumptions.none().withAnswersLost(), history)).isEmpty();
		illegal(history);
	}

	@Test
	void lockMayBeKeptForAWaiter() {
		assertThat(kinds(Assumptions.none().withWaiters(), acquire("ann", 0, 1, denied(null, null)))).isEmpty();
		illegal(acquire("ann", 0, 1, denied(null, null)));
	}

	@Test
	void takeOverOfAGrantThatIsGoneIsDenied() {
		legal(ANN, release("ann", 7L, 2, 3, done()), takeOver("bob", 7L, 4, 5, denied(null, null)));
		legal(ANN, takeOver("bob", 7L, 4, 5, granted("bob", 8)), takeOver("cid", 7L, 6, 7, denied("bob", 8L)));
		illegal(ANN, takeOver("bob", 7L, 4, 5, denied("ann", 7L)));
	}

	@Test
	void reEntryExtendsTheLease() {
		legal(ANN, call("ann", Operation.REENTER, null, 50, 51, granted("ann", 7)), find(150, 151, held("ann", 7)),
				call("bob", Operation.REENTER, null, 50, 51, denied("ann", 7L)));
	}

	@Test
	void callUnderWayWhenItsProcessDiedMayHaveAnEffect() {
		Entry[] history = { ANN, release("ann", 7L, 2, 3, done()), find(4, 5, held("ann", 8)), find(6, 7, free()) };
		assertThat(kinds(Assumptions.none().withDied(Set.of("p-ann")), history)).isEmpty();
		illegal(ANN, release("ann", 7L, 2, 3, done()), find(4, 5, held("ann", 8)));
	}

	@Test
	void callThatBeganAndDidNotEndMayHaveAnEffect() {
		Call begun = acquire("bob", 2, 0, Answer.UNKNOWN);
		Assumptions died = Assumptions.none().withDied(Set.of("p-bob"));
		assertThat(kinds(died, begun, find(4, 5, held("bob", 7)))).isEmpty();
		Call ended = acquire("bob", 2, 3, denied("ann", 7L));
		assertThat(kinds(died, ANN, begun, ended, find(110, 111, held("bob", 8)))).containsExactly(Kind.ILLEGAL_ORDER);
	}

	@Test
	void savesAtTheSameTimeMayBeAcceptedInAnyOrder() {
		legal(save(8, 10, 20), save(7, 15, 40));
	}

	@Test
	void stormOfTakeOversIsDecided() {
		List<Entry> history = new ArrayList<>(List.of(ANN));
		for (int i = 0; i < 100; i++) {
			history.add(takeOver("c" + i, null, 2, 50, granted("c" + i, 100 - i + 7)));
			history.add(refresh("c" + i, 100L - i + 7, 2, 50, (i % 2 == 0) ? done() : refused()));
			history.add(takeOver("d" + i, 7L, 2, 50, denied("c" + i, 100L - i + 7)));
		}
		legal(history.toArray(Entry[]::new));
		history.add(find(51, 52, held("c50", 57)));
		illegal(history.toArray(Entry[]::new));
	}

	private static void legal(Entry... history) {
		assertThat(Checker.check(List.of(history), Assumptions.none().withTolerance(0))).isEmpty();
	}

	private static void illegal(Entry... history) {
		assertThat(kinds(history)).containsOnly(Kind.ILLEGAL_ORDER);
	}

}
