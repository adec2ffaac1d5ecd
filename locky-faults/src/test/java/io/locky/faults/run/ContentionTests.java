package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * No fault, and several applications that want the same few locks all the time.
 */
class ContentionTests {

	private static final int APPS = 3;

	@Test
	void countersUnderContentionInShort() {
		Report.quick(count(Duration.ofSeconds(4)));
	}

	@Test
	@Tag("faults")
	void countersUnderContention() {
		Report.full(count(Duration.ofSeconds(30)));
	}

	@Test
	void allOperationsUnderContentionInShort() {
		Report.quick(mix(Duration.ofSeconds(4)));
	}

	@Test
	@Tag("faults")
	void allOperationsUnderContention() {
		Report.full(mix(Duration.ofSeconds(30)));
	}

	/** The store of the counters checks nothing: only the lock protects them. */
	private Row count(Duration length) {
		long seed = Seeds.next();
		try (LockRedis redis = LockRedis.start(); Fleet fleet = new Fleet(redis.address(), seed)) {
			List<AppProcess> apps = fleet.start(APPS);
			apps.forEach((app) -> app.ask("count 4 2"));
			Pause.of(length);
			Ends ends = Ends.of(apps);
			redis.awaitQuiet(Duration.ofSeconds(60), fleet::size);
			List<String> violations = new ArrayList<>(fleet.violations(fleet.assumptions()));
			long counted = fleet.store().plain("c0") + fleet.store().plain("c1");
			if (counted != ends.increments()) {
				violations.add("%d of %d updates lost".formatted(ends.increments() - counted, ends.increments()));
			}
			return new Row("none, high contention", "0 overlaps, 0 lost updates, 0 fence repeats", ends.calls(), 0,
					seed, violations, "%d increments that only the lock protects".formatted(ends.increments()));
		}
	}

	private Row mix(Duration length) {
		long seed = Seeds.next();
		try (LockRedis redis = LockRedis.start(); Fleet fleet = new Fleet(redis.address(), seed)) {
			List<AppProcess> apps = fleet.start(APPS);
			apps.forEach((app) -> app.ask("mix 3 6"));
			Pause.of(length);
			Ends ends = Ends.of(apps);
			redis.awaitQuiet(Duration.ofSeconds(60), fleet::size);
			return new Row("none, all operations",
					"every answer and every event explained by one order of grants and ends", ends.calls(), 0, seed,
					fleet.violations(fleet.assumptions()), fleet.counts());
		}
	}

}
