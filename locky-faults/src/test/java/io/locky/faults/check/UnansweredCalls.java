package io.locky.faults.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Calls that may have an effect at any time after their start, or never. Equal ones are
 * counted. One that names a fence can have an effect once only, because that ends the
 * grant: it needs no count.
 */
final class UnansweredCalls {

	private final Map<Group, Integer> groups = new LinkedHashMap<>();

	private final List<Call> earliest = new ArrayList<>();

	private final int[] begun;

	private final Map<Long, List<Call>> byFence = new HashMap<>();

	UnansweredCalls(List<Call> calls) {
		for (Call call : calls) {
			if (isCounted(call) && this.groups.putIfAbsent(Group.of(call), this.groups.size()) == null) {
				this.earliest.add(call);
			}
		}
		this.begun = new int[this.groups.size()];
	}

	private static boolean isCounted(Call call) {
		return call.answer().kind() == Answer.Kind.UNKNOWN && call.fence() == null
				&& (call.operation() == Operation.RELEASE || ResourceHistory.isAttempt(call));
	}

	int groups() {
		return this.begun.length;
	}

	void begin(Call call) {
		if (isCounted(call)) {
			this.begun[this.groups.getOrDefault(Group.of(call), 0)]++;
		}
		else if (call.fence() != null) {
			this.byFence.computeIfAbsent(call.fence(), (fence) -> new ArrayList<>()).add(call);
		}
	}

	/** A call of a group, {@code null} if all of them come before a place. */
	@Nullable Call next(int group, Configuration at) {
		return (this.begun[group] > at.used().charAt(group)) ? this.earliest.get(group) : null;
	}

	List<Call> of(long fence) {
		return this.byFence.getOrDefault(fence, List.of());
	}

	private record Group(Operation operation, @Nullable String locker, long ttlMillis) {

		static Group of(Call call) {
			return new Group(call.operation(), call.locker(), call.ttlMillis());
		}

	}

}
