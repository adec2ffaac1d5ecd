package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Applications that die between the claim of an expiry and its listeners, and expiries
 * while no application runs.
 */
class DownWorkersTests {

	@Test
	void killedBetweenClaimAndListenerInShort() {
		Report.quick(dieAtExpiries(1, 60));
	}

	@Test
	@Tag("faults")
	void killedBetweenClaimAndListener() {
		Report.full(dieAtExpiries(10, 1000));
	}

	@Test
	void allInstancesDownInShort() {
		Report.quick(down(100));
	}

	@Test
	@Tag("faults")
	void allInstancesDown() {
		Report.full(down(1000));
	}

	/** Each dies in the listener of its first expiry; the last one does not. */
	private Row dieAtExpiries(int deaths, int locks) {
		long seed = Seeds.next();
		try (LockRedis redis = LockRedis.start(); Fleet fleet = new Fleet(redis.address(), seed)) {
			AppProcess holder = fleet.launch(fleet.next().quiet().withoutWorker()).awaitReady();
			int each = locks / (deaths + 1);
			for (int i = 0; i < deaths; i++) {
				AppProcess dying = fleet.launch(fleet.next().quiet().ack(1000)).awaitReady();
				dying.ask("die");
				holder.ask("hold d%d: %d 100".formatted(i, each));
				boolean died = dying.hasEnded(Duration.ofSeconds(30));
				fleet.kill(dying);
				if (!died) {
					throw new IllegalStateException("it has claimed nothing");
				}
			}
			fleet.launch(fleet.next().quiet().ack(1000)).awaitReady();
			holder.ask("hold last: %d 100".formatted(each));
			redis.awaitQuiet(Duration.ofSeconds(60), fleet::size);
			Expiries expiries = Expiries.of(fleet.history(), "");
			List<String> violations = new ArrayList<>(expiries.violations());
			violations.addAll(fleet.violations(Checks.alone(fleet)));
			return new Row("killed between claim and listener", "each expiry published by another", fleet.calls(),
					deaths, seed, violations, "%d expiries, %s".formatted(expiries.published(), expiries.repeats()));
		}
	}

	private Row down(int locks) {
		long seed = Seeds.next();
		try (LockRedis redis = LockRedis.start(); Fleet fleet = new Fleet(redis.address(), seed)) {
			AppProcess holder = fleet.launch(fleet.next().quiet().ack(1000)).awaitReady();
			holder.ask("hold down: %d 5000".formatted(locks));
			fleet.kill(holder);
			Pause.ofMillis(5500);
			fleet.launch(fleet.next().quiet().ack(1000)).awaitReady();
			redis.awaitQuiet(Duration.ofSeconds(60), fleet::size);
			Expiries expiries = Expiries.of(fleet.history(), "down:");
			List<String> violations = new ArrayList<>(expiries.violations());
			violations.addAll(fleet.violations(Checks.alone(fleet)));
			return new Row("all instances down over %d expiries".formatted(locks), "all published at the next start",
					fleet.calls(), 1, seed, violations,
					"%d expiries, %s".formatted(expiries.published(), expiries.repeats()));
		}
	}

}
