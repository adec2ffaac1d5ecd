package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.locky.faults.run.FaultyWire.Fault;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Answers that get lost or come late, requests that come late, and connections that are
 * cut.
 */
class FaultyWireTests {

	private static final int APPS = 3;

	private static final Duration TIMEOUT = Duration.ofMillis(600);

	@Test
	void answersLostAndLateInShort() {
		Report.quick(lose(Duration.ofSeconds(5)));
	}

	@Test
	@Tag("faults")
	void answersLostAndLate() {
		Report.full(lose(Duration.ofSeconds(60)));
	}

	@Test
	@Tag("faults")
	void connectionsCutAllTheTime() {
		Report.full(cut(Duration.ofSeconds(60)));
	}

	private Row lose(Duration length) {
		long seed = Seeds.next();
		try (LockRedis redis = LockRedis.start();
				FaultyWire wire = new FaultyWire(redis.port(), TIMEOUT, seed);
				Fleet fleet = new Fleet(wire.address(), seed)) {
			List<AppProcess> apps = start(fleet);
			wire.inject(60, Fault.CUT, Fault.LOSE_ANSWER, Fault.DELAY_ANSWER, Fault.LATE_REQUEST, Fault.ONE_WAY);
			Pause.of(length);
			return row("requests and answers lost, delayed beyond the time-out, late; connections one-way", redis, wire,
					fleet, apps);
		}
	}

	private Row cut(Duration length) {
		long seed = Seeds.next();
		ScheduledExecutorService cuts = Executors.newSingleThreadScheduledExecutor();
		try (LockRedis redis = LockRedis.start();
				FaultyWire wire = new FaultyWire(redis.port(), TIMEOUT, seed);
				Fleet fleet = new Fleet(wire.address(), seed)) {
			List<AppProcess> apps = start(fleet);
			cuts.scheduleAtFixedRate(wire::cutAll, 200, 200, TimeUnit.MILLISECONDS);
			Pause.of(length);
			cuts.shutdown();
			return row("all connections cut each 200 ms", redis, wire, fleet, apps);
		}
		finally {
			cuts.shutdownNow();
		}
	}

	private static List<AppProcess> start(Fleet fleet) {
		List<AppProcess> apps = new ArrayList<>();
		for (int i = 0; i < APPS; i++) {
			apps.add(fleet.launch(fleet.next().timeout(TIMEOUT.toMillis())));
		}
		apps.forEach(AppProcess::awaitReady);
		apps.forEach((app) -> app.ask("mix 3 6"));
		return apps;
	}

	/** What is granted and forgotten must end by itself. */
	private static Row row(String fault, LockRedis redis, FaultyWire wire, Fleet fleet, List<AppProcess> apps) {
		Ends ends = Ends.of(apps);
		wire.inject(1);
		redis.awaitQuiet(Duration.ofSeconds(90), fleet::size);
		List<String> violations = new ArrayList<>(fleet.violations(fleet.assumptions().withAnswersLost()));
		Counts counts = Counts.of(fleet.history(), fleet.store());
		if (counts.missed() > 0) {
			violations.add(counts.missed() + " times, events were missed");
		}
		redis.commands()
			.keys(App.PREFIX + "lock:*")
			.forEach((lock) -> violations.add("an orphan, which has no deadline: " + lock));
		return new Row(fault, "every answer right or \"unknown\"; 0 events missed; 0 orphans", ends.calls(),
				wire.injected(), fleet.seed(), violations, counts.toString());
	}

}
