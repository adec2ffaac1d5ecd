package io.locky.faults.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.locky.faults.history.Call;
import io.locky.faults.history.Entry;
import io.locky.faults.history.Seen;

/**
 * Checks a history, each of its resources by itself.
 * <p>
 * What the library does without a call is allowed for: it releases what it granted to a
 * caller that got an exception. Renewals in the background are not: a grant that is
 * renewed needs a refresh by its fence with an unknown answer in the history. Of a
 * request for several locks that is denied, the history has the call on the lock that was
 * in the way only.
 */
public final class Checker {

	private Checker() {
	}

	/**
	 * Checks a history.
	 * @param history what processes called and saw, in any order
	 * @param assumptions what the faults of the run may break
	 * @return all violations, empty if the history is right
	 */
	public static List<Violation> check(List<Entry> history, Assumptions assumptions) {
		UnfinishedCalls unfinished = new UnfinishedCalls(history, assumptions.died());
		BroadcastCheck broadcast = new BroadcastCheck(history, assumptions);
		List<Violation> violations = new ArrayList<>();
		for (ResourceHistory resource : resources(history, unfinished)) {
			List<Call> guesses = unfinished.guesses(resource.name());
			List<Violation> fences = FenceCheck.check(resource, assumptions);
			violations.addAll(fences);
			violations.addAll(SaveCheck.check(resource));
			violations.addAll(LeaseSearch.check(resource, guesses, assumptions, fences.isEmpty()));
			violations.addAll(new EventCheck(resource, guesses, assumptions).run());
			if (assumptions.broadcast() && !assumptions.dataLost()) {
				violations.addAll(broadcast.check(resource));
			}
		}
		return violations;
	}

	private static Collection<ResourceHistory> resources(List<Entry> history, UnfinishedCalls unfinished) {
		Map<String, ResourceHistory> resources = new TreeMap<>();
		Stream.of(unfinished.finished(), unfinished.begun())
			.flatMap(List::stream)
			.forEach((call) -> resources.computeIfAbsent(call.resource(), ResourceHistory::new).calls().add(call));
		for (Entry entry : history) {
			if (entry instanceof Seen seen && seen.type() != Seen.Type.MISSED) {
				resources.computeIfAbsent(seen.resource(), ResourceHistory::new).events().add(seen);
			}
		}
		return resources.values();
	}

}
