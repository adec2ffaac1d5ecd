package io.locky.faults.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.locky.faults.check.Violation.Kind;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Operation;

/**
 * No save is accepted under a fence lower than one that was accepted before.
 */
final class SaveCheck {

	private SaveCheck() {
	}

	static List<Violation> check(ResourceHistory resource) {
		List<Call> saves = resource.calls()
			.stream()
			.filter((call) -> ResourceHistory.is(call, Operation.SAVE, Answer.Kind.DONE))
			.toList();
		List<Call> called = saves.stream().sorted(Comparator.comparingLong(Call::calledNanos)).toList();
		List<Call> answered = saves.stream().sorted(Comparator.comparingLong(Call::answeredNanos)).toList();
		List<Violation> violations = new ArrayList<>();
		int next = 0;
		Call highest = null;
		for (Call save : called) {
			for (; next < answered.size() && answered.get(next).answeredNanos() < save.calledNanos(); next++) {
				if (highest == null || fence(answered.get(next)) > fence(highest)) {
					highest = answered.get(next);
				}
			}
			if (highest != null && fence(highest) > fence(save)) {
				violations.add(resource.violation(Kind.STALE_SAVE,
						ResourceHistory.text(save) + " was accepted after " + ResourceHistory.text(highest),
						save.answeredNanos()));
			}
		}
		return violations;
	}

	private static long fence(Call save) {
		return (save.fence() != null) ? save.fence() : 0;
	}

}
