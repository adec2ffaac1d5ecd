package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.locky.faults.check.Violation;
import io.locky.testing.RedisProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The clock of the Redis server jumps by a minute.
 */
@Tag("faults")
class ClockTests {

	private static final int APPS = 3;

	@Test
	void clockJumps() {
		Optional<ServerClock> compiled = ServerClock.create();
		assumeThat(compiled).as("a C compiler, to set the clock of a server").isPresent();
		try (ServerClock clock = compiled.orElseThrow()) {
			Report.full(jump(clock));
		}
	}

	private static Row jump(ServerClock clock) {
		long seed = Seeds.next();
		try (LockRedis redis = new LockRedis(RedisProcess.startWith(clock.launcher()));
				Fleet fleet = new Fleet(redis.address(), seed)) {
			List<AppProcess> apps = fleet.start(APPS);
			apps.forEach((app) -> app.ask("mix 3 6"));
			int[] offsets = { 60, 0, -60, 0 };
			for (int offset : offsets) {
				Pause.ofMillis(3000);
				apps.get(0).ask("hold at%d: 20 1000".formatted(Math.abs(offset * 2 + 1)));
				clock.set(offset);
			}
			Pause.ofMillis(3000);
			Ends ends = Ends.of(apps);
			redis.awaitQuiet(Duration.ofSeconds(150), fleet::size);
			List<Violation> found = fleet.check(fleet.assumptions().withAnswersLost().withClockJumps());
			List<String> violations = new ArrayList<>(fleet.store().violations());
			found.forEach((violation) -> violations.add(violation.toString()));
			Expiries expiries = Expiries.of(fleet.history(), "at");
			if (!apps.get(0).ask("lock after 100 0").startsWith("granted")) {
				violations.add("no lock is granted afterwards");
			}
			redis.awaitQuiet(Duration.ofSeconds(30), fleet::size);
			if (Expiries.of(fleet.history(), "after").published() != 1) {
				violations.add("no expiry is published afterwards");
			}
			return new Row("clock of Redis +60 s, and −60 s", "0 stale saves; no worker stuck", ends.calls(),
					offsets.length, seed, violations,
					"%s; of %d expiries %d early, %d lost, the latest after %d s".formatted(fleet.counts(),
							expiries.published(), expiries.early().size(), expiries.lost().size(),
							expiries.latestMillis() / 1000));
		}
	}

}
