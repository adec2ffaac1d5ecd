package io.locky.faults.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
		List<Violation> violations = new ArrayList<>();
		Map<String, ResourceHistory> resources = new TreeMap<>();
		for (Entry entry : history) {
			if (entry instanceof Call call) {
				resources.computeIfAbsent(call.resource(), ResourceHistory::new).calls().add(call);
			}
			else if (entry instanceof Seen seen && seen.type() != Seen.Type.MISSED) {
				resources.computeIfAbsent(seen.resource(), ResourceHistory::new).events().add(seen);
			}
		}
		for (ResourceHistory resource : resources.values()) {
			violations.addAll(FenceCheck.check(resource, assumptions));
			violations.addAll(SaveCheck.check(resource));
		}
		return violations;
	}

}
