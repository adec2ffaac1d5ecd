package io.locky.faults.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.locky.faults.check.Violation.Kind;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Operation;

/**
 * Fences rise with every grant: a grant that was asked for after the answer to another
 * one has a higher fence, and no two grants have the same. A re-entry keeps the fence of
 * its grant.
 */
final class FenceCheck {

	private FenceCheck() {
	}

	static List<Violation> check(ResourceHistory resource, Assumptions assumptions) {
		if (assumptions.dataLost() && assumptions.clockJumps()) {
			return List.of();
		}
		List<Violation> violations = new ArrayList<>();
		List<Call> granted = resource.granted().stream().filter((call) -> ResourceHistory.fenceOf(call) != 0).toList();
		for (int i = 1; i < granted.size(); i++) {
			Call before = granted.get(i - 1);
			Call call = granted.get(i);
			if (ResourceHistory.fenceOf(call) == ResourceHistory.fenceOf(before) && isNew(call) && isNew(before)) {
				violations.add(resource.violation(Kind.FENCE_NOT_RISING,
						"the same fence twice: " + ResourceHistory.text(before) + ", " + ResourceHistory.text(call),
						Math.max(before.answeredNanos(), call.answeredNanos())));
			}
		}
		addFalling(resource, granted, violations);
		return violations;
	}

	/** Of the grants in the order of their answers, the highest fence so far. */
	private static void addFalling(ResourceHistory resource, List<Call> granted, List<Violation> violations) {
		List<Call> called = granted.stream()
			.filter(FenceCheck::isNew)
			.sorted(Comparator.comparingLong(Call::calledNanos))
			.toList();
		List<Call> answered = granted.stream().sorted(Comparator.comparingLong(Call::answeredNanos)).toList();
		int next = 0;
		Call highest = null;
		for (Call call : called) {
			for (; next < answered.size() && answered.get(next).answeredNanos() < call.calledNanos(); next++) {
				Call earlier = answered.get(next);
				if (highest == null || ResourceHistory.fenceOf(earlier) > ResourceHistory.fenceOf(highest)) {
					highest = earlier;
				}
			}
			if (highest != null && ResourceHistory.fenceOf(highest) > ResourceHistory.fenceOf(call)) {
				violations.add(resource.violation(Kind.FENCE_NOT_RISING,
						"a lower fence later: " + ResourceHistory.text(highest) + ", " + ResourceHistory.text(call),
						call.answeredNanos()));
			}
		}
	}

	private static boolean isNew(Call call) {
		return call.operation() != Operation.REENTER;
	}

}
