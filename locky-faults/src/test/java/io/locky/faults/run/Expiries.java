package io.locky.faults.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Entry;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;

/**
 * How the grants ended that nobody refreshed or released.
 *
 * @param published how many grants have an expiry
 * @param repeated how many expiries were published again
 * @param lost the resources of grants without an expiry
 * @param early the resources of grants whose expiry was published before the deadline
 * @param latestMillis how late the latest one was published
 */
record Expiries(long published, long repeated, List<String> lost, List<String> early, long latestMillis) {

	/**
	 * Looks at the grants of some resources.
	 * @param history calls and events
	 * @param prefix what the names of the resources start with
	 * @return what became of them
	 */
	static Expiries of(List<Entry> history, String prefix) {
		Map<Object, List<Seen>> ends = ends(history, prefix);
		List<String> lost = new ArrayList<>();
		List<String> early = new ArrayList<>();
		long latest = 0;
		for (Call grant : grants(history, prefix)) {
			List<Seen> found = ends.getOrDefault(List.of(grant.resource(), Fences.of(grant)), List.of());
			if (found.isEmpty()) {
				lost.add(grant.resource());
				continue;
			}
			long first = found.stream().mapToLong(Seen::seenNanos).min().orElseThrow();
			long ttl = TimeUnit.MILLISECONDS.toNanos(grant.ttlMillis());
			if (first < grant.calledNanos() + ttl) {
				early.add(grant.resource());
			}
			latest = Math.max(latest, first - grant.answeredNanos() - ttl);
		}
		long repeated = ends.values().stream().mapToLong((found) -> found.size() - 1).sum();
		return new Expiries(ends.size(), repeated, lost, early, TimeUnit.NANOSECONDS.toMillis(latest));
	}

	private static Map<Object, List<Seen>> ends(List<Entry> history, String prefix) {
		Map<Object, List<Seen>> ends = new HashMap<>();
		for (Entry entry : history) {
			if (entry instanceof Seen seen && seen.type() == Type.EXPIRED && !seen.remote()
					&& seen.resource().startsWith(prefix)) {
				ends.computeIfAbsent(List.of(seen.resource(), Fences.of(seen)), (key) -> new ArrayList<>()).add(seen);
			}
		}
		return ends;
	}

	private static List<Call> grants(List<Entry> history, String prefix) {
		return history.stream()
			.filter((entry) -> entry instanceof Call call && call.answer().kind() == Kind.GRANTED
					&& call.resource().startsWith(prefix))
			.map(Call.class::cast)
			.toList();
	}

	String repeats() {
		return "%d expiries published again".formatted(this.repeated);
	}

	/** What must not be. */
	List<String> violations() {
		List<String> all = new ArrayList<>();
		this.lost.forEach((resource) -> all.add("expiry never published: " + resource));
		this.early.forEach((resource) -> all.add("expiry published before its deadline: " + resource));
		return all;
	}

}
