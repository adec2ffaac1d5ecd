package io.locky.faults.check;

import java.util.List;

import io.locky.faults.check.Violation.Kind;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Entry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Histories with one violation of each kind, and legal ones that look odd.
 */
class CheckerTests {

	@Test
	void saveUnderLowerFenceAfterHigherOneIsStale() {
		assertThat(kinds(save(8, 10, 20), save(7, 30, 40))).containsExactly(Kind.STALE_SAVE);
	}

	@Test
	void savesAtTheSameTimeMayBeAcceptedInAnyOrder() {
		assertThat(kinds(save(8, 10, 20), save(7, 15, 40))).isEmpty();
	}

	private static List<Kind> kinds(Entry... history) {
		return Checker.check(List.of(history), Assumptions.none()).stream().map(Violation::kind).toList();
	}

	private static Call save(long fence, long called, long answered) {
		return new Call("p1", Operation.SAVE, "a", "ann", fence, 0, new Answer(Answer.Kind.DONE, null, null),
				called * 1_000_000, answered * 1_000_000);
	}

}
