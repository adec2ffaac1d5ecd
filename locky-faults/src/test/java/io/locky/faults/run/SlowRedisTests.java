package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.locky.faults.history.Call;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A Redis that is slow or stalls, output buffers that are full, and applications that
 * shut down under load.
 */
@Tag("faults")
class SlowRedisTests {

	private static final int APPS = 3;

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	/** An answer may be asked for twice, over a connection that is to be made first. */
	private static final Duration LONGEST = TIMEOUT.multipliedBy(3).plusSeconds(5);

	private static final Duration GRACE = Duration.ofSeconds(30);

	@Test
	void slowAndStalled() {
		long seed = Seeds.next();
		try (LockRedis redis = LockRedis.start();
				FaultyWire wire = new FaultyWire(redis.port(), TIMEOUT, seed);
				Fleet fleet = new Fleet(wire.address(), seed)) {
			List<AppProcess> apps = fleet.start(APPS);
			apps.forEach((app) -> app.ask("mix 4 8"));
			wire.delay(Duration.ofMillis(200));
			for (int i = 0; i < 3; i++) {
				Pause.ofMillis(4000);
				redis.server().freeze();
				Pause.ofMillis(3000);
				redis.server().thaw();
			}
			Pause.ofMillis(4000);
			Ends ends = Ends.of(apps);
			wire.delay(Duration.ZERO);
			redis.awaitQuiet(Duration.ofSeconds(90), fleet::size);
			Report.full(row("slow Redis (200 ms), with stalls of 3 s", 3, ends, fleet));
		}
	}

	@Test
	void fullOutputBuffers() {
		long seed = Seeds.next();
		try (LockRedis redis = LockRedis.start(); Fleet fleet = new Fleet(redis.address(), seed)) {
			List<AppProcess> apps = fleet.start(APPS);
			redis.commands().configSet("client-output-buffer-limit", "pubsub 20000 0 0");
			apps.forEach((app) -> app.ask("mix 4 8"));
			for (int i = 0; i < 4; i++) {
				Pause.ofMillis(1500);
				AppProcess slow = apps.get(i % APPS);
				slow.freeze();
				// More than the buffers of the sockets take.
				for (int n = 0; n < 1000; n++) {
					redis.commands().publish(App.PREFIX + "signals", "x".repeat(8000));
				}
				slow.thaw();
			}
			Pause.ofMillis(1500);
			Ends ends = Ends.of(apps);
			redis.awaitQuiet(Duration.ofSeconds(90), fleet::size);
			Report.full(row("full output buffers", 4, ends, fleet));
		}
	}

	private static Row row(String fault, int faults, Ends ends, Fleet fleet) {
		List<String> violations = new ArrayList<>(fleet.violations(fleet.assumptions().withAnswersLost()));
		long longest = fleet.history()
			.stream()
			.filter(Call.class::isInstance)
			.mapToLong((entry) -> ((Call) entry).answeredNanos() - ((Call) entry).calledNanos())
			.max()
			.orElse(0);
		if (longest > LONGEST.toNanos()) {
			violations.add("a call took %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(longest)));
		}
		return new Row(fault, "every answer right or \"unknown\"; nothing hangs past the command time-out",
				ends.calls(), faults, fleet.seed(), violations,
				"%s; the longest call took %d ms".formatted(fleet.counts(), TimeUnit.NANOSECONDS.toMillis(longest)));
	}

	/**
	 * Renewed locks are given back, and those of people stay.
	 */
	@Test
	void shutDownUnderLoad() {
		long seed = Seeds.next();
		int times = 10;
		try (LockRedis redis = LockRedis.start(); Fleet fleet = new Fleet(redis.address(), seed)) {
			AppProcess other = fleet.launch(fleet.next()).awaitReady();
			other.ask("mix 2 8");
			List<String> violations = new ArrayList<>();
			long longest = 0;
			for (int i = 0; i < times; i++) {
				AppProcess app = fleet.launch(fleet.next()).awaitReady();
				app.ask("keep kept%d: 1 60000".formatted(i));
				app.ask("lock person:%d 60000 0".formatted(i));
				app.ask("mix 4 8");
				Pause.ofMillis(500);
				long begin = System.nanoTime();
				app.terminate();
				if (!app.hasEnded(GRACE)) {
					violations.add("still runs after the grace period: " + app.name());
				}
				longest = Math.max(longest, System.nanoTime() - begin);
				fleet.kill(app);
				if (!other.ask("lock kept%d:0 100 5000".formatted(i)).startsWith("granted")) {
					violations.add("a renewed lock was not given back: kept" + i);
				}
				if (!other.ask("lock person:%d 100 0".formatted(i)).equals("denied")) {
					violations.add("the lock of a person was given back: person" + i);
				}
			}
			Ends.of(List.of(other));
			for (int i = 0; i < times; i++) {
				other.ask("unlock person:" + i);
			}
			redis.awaitQuiet(Duration.ofSeconds(90), fleet::size);
			violations.addAll(fleet.violations(fleet.assumptions().withAnswersLost()));
			Report.full(new Row("shutdown under load (SIGTERM)",
					"renewed locks given back, those of people kept; ended in the grace period", fleet.calls(), times,
					seed, violations, "%s; the longest shutdown took %d ms".formatted(fleet.counts(),
							TimeUnit.NANOSECONDS.toMillis(longest))));
		}
	}

}
