package io.locky.faults.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.locky.faults.check.Violation.Kind;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Entry;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;
import org.junit.jupiter.api.Test;

import static io.locky.faults.check.Histories.acquire;
import static io.locky.faults.check.Histories.done;
import static io.locky.faults.check.Histories.find;
import static io.locky.faults.check.Histories.free;
import static io.locky.faults.check.Histories.granted;
import static io.locky.faults.check.Histories.kinds;
import static io.locky.faults.check.Histories.release;
import static io.locky.faults.check.Histories.seen;
import static io.locky.faults.check.Histories.seenRemote;
import static io.locky.faults.check.Histories.takeOver;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each grant begins and ends once in the events.
 */
class EventCheckTests {

	private static final Assumptions SETTLED = Assumptions.none().withSettled();

	private static final Call ANN = acquire("ann", 0, 1, granted("ann", 7));

	private static final Seen BEGAN = seen("ann", Type.ACQUIRED, "ann", 7, 1);

	private static final Seen EXPIRED = seen("ann", Type.EXPIRED, "ann", 7, 101);

	@Test
	void beginAndEndAreSeenOnce() {
		assertThat(kinds(SETTLED, ANN, BEGAN, EXPIRED)).isEmpty();
		assertThat(
				kinds(SETTLED, ANN, release("ann", 7L, 2, 3, done()), BEGAN, seen("ann", Type.RELEASED, "ann", 7, 3)))
			.isEmpty();
	}

	@Test
	void expiryIsNotLost() {
		assertThat(kinds(SETTLED, ANN, BEGAN)).containsExactly(Kind.EVENT_MISSING);
	}

	@Test
	void beginIsNotLost() {
		assertThat(kinds(SETTLED, ANN, EXPIRED)).containsExactly(Kind.EVENT_MISSING);
	}

	@Test
	void expiryBeforeTheNextGrantIsNotLost() {
		Entry[] history = { ANN, BEGAN, acquire("bob", 102, 103, granted("bob", 8)),
				seen("bob", Type.ACQUIRED, "bob", 8, 103), seen("bob", Type.EXPIRED, "bob", 8, 204) };
		assertThat(kinds(SETTLED, history)).containsExactly(Kind.EVENT_MISSING);
		assertThat(kinds(history)).isEmpty();
	}

	@Test
	void takeOverEndsTheGrantBeforeIt() {
		Call taken = takeOver("bob", null, 2, 3, granted("bob", 8));
		Seen began = seen("bob", Type.TAKEN_OVER, "bob", 8, 3);
		Seen ended = seen("bob", Type.EXPIRED, "bob", 8, 104);
		assertThat(kinds(SETTLED, ANN, BEGAN, taken, began, ended)).isEmpty();
		assertThat(kinds(SETTLED, ANN, BEGAN, taken, began, ended, EXPIRED)).containsExactly(Kind.EVENT_REPEATED);
	}

	@Test
	void takeOverOfAProcessThatDiedEndsTheGrantBeforeIt() {
		Seen began = seenRemote("ann", Type.TAKEN_OVER, "bob", 8, 3);
		Seen ended = seen("carl", Type.EXPIRED, "bob", 8, 104);
		Call next = acquire("carl", 105, 106, granted("carl", 9));
		Entry[] history = { ANN, BEGAN, began, ended, next, seen("carl", Type.ACQUIRED, "carl", 9, 106),
				seen("carl", Type.EXPIRED, "carl", 9, 207), takeOver("bob", null, 2, 3, Answer.UNKNOWN) };
		assertThat(kinds(SETTLED.withDied(Set.of("p-bob")), history)).isEmpty();
	}

	@Test
	void endIsNotSeenTwice() {
		assertThat(kinds(ANN, BEGAN, EXPIRED, seen("bob", Type.EXPIRED, "ann", 7, 102)))
			.containsExactly(Kind.EVENT_REPEATED);
		assertThat(kinds(ANN, BEGAN, seen("ann", Type.RELEASED, "ann", 7, 90), EXPIRED))
			.containsExactly(Kind.EVENT_REPEATED);
	}

	@Test
	void beginIsNotSeenTwice() {
		assertThat(kinds(ANN, BEGAN, BEGAN)).containsExactly(Kind.EVENT_REPEATED);
	}

	@Test
	void lossIsNotSeenTwice() {
		Seen lost = seen("ann", Type.LOST, "ann", 7, 101);
		assertThat(kinds(ANN, BEGAN, lost)).isEmpty();
		assertThat(kinds(ANN, BEGAN, lost, lost)).containsExactly(Kind.EVENT_REPEATED);
	}

	@Test
	void expiryIsPublishedAgainWhereItsPublisherDied() {
		Assumptions died = SETTLED.withDied(Set.of("p-ann"));
		assertThat(kinds(died, ANN, BEGAN, EXPIRED, seen("bob", Type.EXPIRED, "ann", 7, 102))).isEmpty();
		assertThat(kinds(died, ANN, BEGAN, EXPIRED, seen("bob", Type.EXPIRED, "ann", 7, 102),
				seen("cid", Type.EXPIRED, "ann", 7, 102)))
			.containsExactly(Kind.EVENT_REPEATED);
		assertThat(kinds(died, ANN, BEGAN)).containsExactly(Kind.EVENT_MISSING);
	}

	@Test
	void beginMayBeMissingWhereItsProcessDied() {
		assertThat(kinds(SETTLED.withDied(Set.of("p-ann")), ANN, seen("bob", Type.EXPIRED, "ann", 7, 102))).isEmpty();
	}

	@Test
	void eventOfAGrantThatNobodyAskedForIsUnexpected() {
		assertThat(kinds(ANN, BEGAN, seen("bob", Type.ACQUIRED, "bob", 8, 200))).containsExactly(Kind.EVENT_UNEXPECTED);
		assertThat(
				kinds(ANN, BEGAN, acquire("bob", 102, 103, Answer.UNKNOWN), seen("bob", Type.ACQUIRED, "bob", 8, 200)))
			.isEmpty();
	}

	@Test
	void lossOfDataMayLoseAndRepeatEvents() {
		Assumptions lost = SETTLED.withDataLost();
		assertThat(kinds(lost, ANN, BEGAN)).isEmpty();
		assertThat(kinds(lost, ANN, BEGAN, EXPIRED, seen("bob", Type.EXPIRED, "ann", 7, 102))).isEmpty();
	}

	@Test
	void eachProcessSeesEachEventOnceWithBroadcast() {
		Assumptions broadcast = SETTLED.withBroadcast();
		Call late = acquire("ann", 5000, 5001, granted("ann", 7));
		List<Entry> history = new ArrayList<>(List.of(find(0, 1, free()), find(9000, 9001, free()), late,
				seen("ann", Type.ACQUIRED, "ann", 7, 5001), seen("ann", Type.EXPIRED, "ann", 7, 5101),
				seenRemote("reader", Type.ACQUIRED, "ann", 7, 5002)));
		assertThat(Checker.check(history, broadcast)).singleElement()
			.hasToString("EVENT_MISSING a: p-reader did not see What[type=EXPIRED, fence=7]");
		history.add(seenRemote("reader", Type.EXPIRED, "ann", 7, 5103));
		assertThat(Checker.check(history, broadcast)).isEmpty();
		history.add(seenRemote("reader", Type.EXPIRED, "ann", 7, 5104));
		assertThat(Checker.check(history, broadcast)).extracting(Violation::kind).containsExactly(Kind.EVENT_REPEATED);
	}

	@Test
	void processThatIsWarnedMayMissEvents() {
		Call late = acquire("ann", 5000, 5001, granted("ann", 7));
		assertThat(kinds(SETTLED.withBroadcast(), find(0, 1, free()), find(9000, 9001, free()), late,
				seen("ann", Type.ACQUIRED, "ann", 7, 5001), seen("ann", Type.EXPIRED, "ann", 7, 5101),
				new Seen("p-reader", Type.MISSED, "", null, null, false, 0, 0)))
			.isEmpty();
	}

}
