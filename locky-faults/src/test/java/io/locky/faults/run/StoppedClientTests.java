package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Applications that are stopped for longer than their leases, or killed.
 */
class StoppedClientTests {

	private static final int APPS = 3;

	/** Longer than any lease of the workload. */
	private static final Duration STOP = Duration.ofMillis(2200);

	@Test
	void stoppedClientsInShort() {
		Report.quick(stop(1));
	}

	@Test
	@Tag("faults")
	@Timeout(1200)
	void stoppedClients() {
		Report.full(stop(20));
	}

	@Test
	void killedClientsInShort() {
		Report.quick(kill(2));
	}

	@Test
	@Tag("faults")
	@Timeout(1200)
	void killedClients() {
		Report.full(kill(100));
	}

	private Row stop(int times) {
		long seed = Seeds.next();
		Random random = new Random(seed);
		try (LockRedis redis = LockRedis.start(); Fleet fleet = new Fleet(redis.address(), seed)) {
			List<AppProcess> apps = fleet.start(APPS);
			apps.forEach((app) -> app.ask("mix 3 6"));
			for (int i = 0; i < times; i++) {
				Pause.ofMillis(300 + random.nextInt(500));
				AppProcess app = apps.get(random.nextInt(APPS));
				app.freeze();
				Pause.of(STOP);
				app.thaw();
			}
			Pause.ofMillis(500);
			Ends ends = Ends.of(apps);
			redis.awaitQuiet(Duration.ofSeconds(60), fleet::size);
			return new Row("client stopped (SIGSTOP) longer than its TTL",
					"0 stale saves; each expiry published exactly once", ends.calls(), times, seed,
					fleet.violations(fleet.assumptions().withAnswersLost()), fleet.counts());
		}
	}

	private Row kill(int times) {
		long seed = Seeds.next();
		Random random = new Random(seed);
		try (LockRedis redis = LockRedis.start(); Fleet fleet = new Fleet(redis.address(), seed)) {
			List<AppProcess> apps = new ArrayList<>(fleet.start(APPS));
			apps.forEach((app) -> app.ask("mix 2 6"));
			List<String> violations = new ArrayList<>();
			long latest = 0;
			for (int i = 0; i < times; i++) {
				AppProcess next = fleet.launch(fleet.next()).awaitReady();
				next.ask("mix 2 6");
				AppProcess victim = apps.set(random.nextInt(APPS), next);
				latest = Math.max(latest, killHolder(fleet, victim, next, i, violations));
			}
			Ends ends = Ends.of(apps);
			redis.awaitQuiet(Duration.ofSeconds(90), fleet::size);
			violations.addAll(fleet.violations(fleet.assumptions().withAnswersLost()));
			return new Row("client killed",
					"0 stale saves; free at the deadline; expiry published, once unless its publisher died",
					fleet.calls(), times, seed, violations, "%s; %s; free at most %d ms after the deadline"
						.formatted(fleet.counts(), Expiries.of(fleet.history(), "").repeats(), latest));
		}
	}

	/** Its lock is free when its lease is over, and not before. */
	private static long killHolder(Fleet fleet, AppProcess victim, AppProcess other, int number,
			List<String> violations) {
		long ttl = TimeUnit.MILLISECONDS.toNanos(600);
		String[] held = victim.ask("lock victim:%d 600 0".formatted(number)).split(" ");
		fleet.kill(victim);
		String[] next = other.ask("lock victim:%d 100 30000".formatted(number)).split(" ");
		if (!next[0].equals("granted")) {
			violations.add("not free after its deadline: victim:" + number);
			return 0;
		}
		long granted = Long.parseLong(next[3]);
		if (granted < Long.parseLong(held[2]) + ttl) {
			violations.add("free before its deadline: victim:" + number);
		}
		return Math.max(0, TimeUnit.NANOSECONDS.toMillis(granted - Long.parseLong(held[3]) - ttl));
	}

}
