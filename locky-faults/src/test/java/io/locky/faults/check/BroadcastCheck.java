package io.locky.faults.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.locky.faults.check.Violation.Kind;
import io.locky.faults.history.Call;
import io.locky.faults.history.Entry;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;

/**
 * Each process that lives sees each event once, its own and those of the others, unless
 * it was warned that events are missing.
 */
final class BroadcastCheck {

	/** A process may see what happens so soon after its start and before its end. */
	private static final long MARGIN = 2_000_000_000L;

	private final Assumptions assumptions;

	private final Map<String, Long> first = new HashMap<>();

	private final Map<String, Long> last = new HashMap<>();

	private final Set<String> warned = new HashSet<>();

	BroadcastCheck(List<Entry> history, Assumptions assumptions) {
		this.assumptions = assumptions;
		for (Entry entry : history) {
			long time = (entry instanceof Call call) ? call.calledNanos() : ((Seen) entry).seenNanos();
			this.first.merge(entry.process(), time, Math::min);
			this.last.merge(entry.process(), time, Math::max);
			if (entry instanceof Seen seen && seen.type() == Type.MISSED) {
				this.warned.add(entry.process());
			}
		}
	}

	List<Violation> check(ResourceHistory resource) {
		Map<What, List<Seen>> all = new HashMap<>();
		for (Seen event : resource.events()) {
			if (event.fence() != null && event.type() != Type.LOST) {
				all.computeIfAbsent(new What(event.type(), event.fence()), (what) -> new ArrayList<>()).add(event);
			}
		}
		List<Violation> violations = new ArrayList<>();
		all.forEach((what, events) -> this.first.keySet()
			.stream()
			.filter((process) -> !this.assumptions.died().contains(process))
			.forEach((process) -> check(resource, process, what, events, violations)));
		return violations;
	}

	private void check(ResourceHistory resource, String process, What what, List<Seen> events,
			List<Violation> violations) {
		long count = events.stream().filter((event) -> event.process().equals(process)).count();
		boolean again = what.type() == Type.EXPIRED && !this.assumptions.died().isEmpty();
		if (count > 1 && !again) {
			violations.add(resource.violation(Kind.EVENT_REPEATED, process + " saw twice " + what, last(events)));
		}
		if (count == 0 && mustSee(process, events)) {
			violations.add(resource.violation(Kind.EVENT_MISSING, process + " did not see " + what, last(events)));
		}
	}

	private static long last(List<Seen> events) {
		return events.stream().mapToLong(Seen::seenNanos).max().orElse(0);
	}

	private boolean mustSee(String process, List<Seen> events) {
		long time = events.stream().mapToLong(Seen::seenNanos).min().orElse(0);
		return !this.warned.contains(process) && time > this.first.getOrDefault(process, 0L) + MARGIN
				&& time < this.last.getOrDefault(process, 0L) - MARGIN;
	}

	private record What(Type type, long fence) {

	}

}
