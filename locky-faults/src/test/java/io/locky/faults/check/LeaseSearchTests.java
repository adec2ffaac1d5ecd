package io.locky.faults.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.locky.faults.check.SimulatedLock.Bug;
import io.locky.faults.check.Violation.Kind;
import io.locky.faults.history.Entry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/**
 * Long histories of a lock in memory, right and wrong, with and without lost answers.
 */
class LeaseSearchTests {

	private static final Assumptions EXACT = Assumptions.none().withTolerance(0);

	@Test
	void longHistoryIsDecided() {
		List<Entry> history = new SimulatedLock(1, 0, Bug.NONE).run(10, 50_000);
		assertTimeout(Duration.ofSeconds(30), () -> assertThat(Checker.check(history, EXACT)).isEmpty());
	}

	@Test
	void longHistoryWithLostAnswersIsDecided() {
		List<Entry> history = new SimulatedLock(1, 0.01, Bug.NONE).run(10, 10_000);
		assertTimeout(Duration.ofSeconds(30), () -> assertThat(Checker.check(history, EXACT)).isEmpty());
	}

	@Test
	void rightLockIsRightWithAnySeed() {
		for (int seed = 0; seed < 40; seed++) {
			List<Entry> history = new SimulatedLock(seed, (seed % 4) * 0.03, Bug.NONE).run(2 + seed % 5, 300);
			assertThat(Checker.check(history, EXACT)).as("seed %d", seed).isEmpty();
		}
	}

	@Test
	void eachBugIsFoundWithAnySeed() {
		for (Bug bug : Bug.values()) {
			List<Integer> missed = new ArrayList<>();
			for (int seed = 0; seed < 3; seed++) {
				List<Entry> history = new SimulatedLock(seed, 0, bug).run(5, 3000);
				if (Checker.check(history, EXACT).stream().noneMatch((found) -> found.kind() == Kind.ILLEGAL_ORDER)) {
					missed.add(seed);
				}
			}
			assertThat(missed).as("%s", bug).hasSize((bug == Bug.NONE) ? 3 : 0);
		}
	}

}
