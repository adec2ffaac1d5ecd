package io.locky.faults.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Seen;

/**
 * What was called and seen on one resource.
 *
 * @param name the name of the resource
 * @param calls all calls
 * @param events all events
 */
record ResourceHistory(String name, List<Call> calls, List<Seen> events) {

	ResourceHistory(String name) {
		this(name, new ArrayList<>(), new ArrayList<>());
	}

	Violation violation(Violation.Kind kind, String text, long nanos) {
		return new Violation(kind, this.name, text, nanos);
	}

	/** Calls that were answered with a fence of a grant, by their fences. */
	List<Call> granted() {
		return this.calls.stream()
			.filter((call) -> isAttempt(call) && call.answer().kind() == Answer.Kind.GRANTED)
			.sorted(Comparator.comparingLong(ResourceHistory::fenceOf).thenComparing(Call::calledNanos))
			.toList();
	}

	static boolean isAttempt(Call call) {
		return switch (call.operation()) {
			case ACQUIRE, REENTER, TAKE_OVER -> true;
			default -> false;
		};
	}

	/** The fence that an answer names, 0 for none. */
	static long fenceOf(Call call) {
		Long fence = call.answer().fence();
		return (fence != null) ? fence : 0;
	}

	/** In the form of a line of a log: times in ms. */
	static String text(Call call) {
		Answer answer = call.answer();
		String who = (call.locker() != null) ? call.locker() : "anyone";
		String under = (call.fence() != null) ? " under " + call.fence() : "";
		String named = (answer.locker() != null || answer.fence() != null)
				? " (" + answer.locker() + ", " + answer.fence() + ")" : "";
		String lease = isAttempt(call) ? " for " + call.ttlMillis() + " ms" : "";
		return "%s %s by %s%s%s -> %s%s [%.3f, %.3f]".formatted(call.process(), call.operation(), who, under, lease,
				answer.kind(), named, call.calledNanos() / 1e6, call.answeredNanos() / 1e6);
	}

	static boolean is(Call call, Operation operation, Answer.Kind answer) {
		return call.operation() == operation && call.answer().kind() == answer;
	}

}
