package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Entry;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;

/**
 * Very many clients that take one lock over from each other.
 */
class TakeoverStormTests {

	private static final int APPS = 4;

	@Test
	void stealersInShort() {
		Report.quick(steal(20, 2));
	}

	@Test
	@Tag("faults")
	void stealers() {
		Report.full(steal(100, 20));
	}

	private Row steal(int stealers, int times) {
		long seed = Seeds.next();
		try (LockRedis redis = LockRedis.start(); Fleet fleet = new Fleet(redis.address(), seed)) {
			List<AppProcess> apps = fleet.start(APPS);
			apps.forEach((app) -> app.send("steal %d %d".formatted(stealers / APPS, times)));
			apps.forEach((app) -> app.expect("stolen"));
			await().atMost(Duration.ofSeconds(60))
				.until(() -> losses(fleet.history()).size() >= grants(fleet.history()).size() - 1);
			apps.forEach((app) -> app.ask("give-back"));
			redis.awaitQuiet(Duration.ofSeconds(60), fleet::size);
			List<Entry> history = fleet.history();
			List<String> violations = new ArrayList<>(violations(history));
			violations.addAll(fleet.violations(fleet.assumptions()));
			Set<Long> grants = grants(history);
			return new Row("takeover storm, %d stealers".formatted(stealers),
					"one winner for each fence; each loser is informed once", fleet.calls(), grants.size(), seed,
					violations,
					"%d takeovers, %d losses published".formatted(grants.size() - 1, losses(history).size()));
		}
	}

	/** Each grant but the last one was lost, and that was published once. */
	private static List<String> violations(List<Entry> history) {
		List<String> found = new ArrayList<>();
		Map<Long, Long> losses = losses(history);
		TreeSet<Long> grants = grants(history);
		losses.forEach((fence, times) -> {
			if (times != 1 || !grants.contains(fence)) {
				found.add("the loss of fence %d was published %d times".formatted(fence, times));
			}
		});
		grants.headSet(grants.last())
			.stream()
			.filter((fence) -> !losses.containsKey(fence))
			.forEach((fence) -> found.add("the loss of fence %d was not published".formatted(fence)));
		Map<Long, Integer> winners = new HashMap<>();
		granted(history).forEach((call) -> winners.merge(Fences.of(call), 1, Integer::sum));
		winners.forEach((fence, count) -> {
			if (count > 1) {
				found.add("fence %d has %d winners".formatted(fence, count));
			}
		});
		return found;
	}

	private static List<Call> granted(List<Entry> history) {
		return history.stream()
			.filter((entry) -> entry instanceof Call call && call.answer().kind() == Kind.GRANTED)
			.map(Call.class::cast)
			.toList();
	}

	private static TreeSet<Long> grants(List<Entry> history) {
		return granted(history).stream().map(Fences::of).collect(Collectors.toCollection(TreeSet::new));
	}

	private static Map<Long, Long> losses(List<Entry> history) {
		return history.stream()
			.filter((entry) -> entry instanceof Seen seen && seen.type() == Type.LOST)
			.collect(Collectors.groupingBy((entry) -> Fences.of((Seen) entry), Collectors.counting()));
	}

}
