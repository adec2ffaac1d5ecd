package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.locky.faults.check.Assumptions;
import io.locky.faults.check.Violation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What can happen to the Redis that has the locks.
 */
@Tag("faults")
class RedisFaultsTests {

	private static final int APPS = 3;

	/** Of handles that are renewed, longer than any outage. */
	private static final long KEPT_TTL = 6000;

	private static final int KEPT = 10;

	@Test
	void killedWithEachWriteOnDisk() {
		Report.full(run("Redis killed (AOF `always`)", false, (redis) -> {
			redis.server().kill();
			Pause.ofMillis(200);
			redis.server().restart();
		}, "appendonly yes", "appendfsync always"));
	}

	@Test
	void killedWithWritesOnDiskEachSecond() {
		Report.full(run("Redis killed (AOF `everysec`)", true, (redis) -> {
			redis.server().kill();
			redis.server().restart();
		}, "appendonly yes", "appendfsync everysec"));
	}

	@Test
	void restartedWithoutItsData() {
		Report.full(run("Redis killed (no AOF): its data is gone", true, (redis) -> {
			redis.server().kill();
			redis.server().restart();
		}));
	}

	@Test
	void emptied() {
		Report.full(run("Redis emptied (`FLUSHALL`)", true, (redis) -> redis.commands().flushall()));
	}

	@Test
	void stopped() {
		Report.full(run("Redis stopped (SIGSTOP) for 3 s", false, (redis) -> {
			redis.server().freeze();
			Pause.ofMillis(3000);
			redis.server().thaw();
		}));
	}

	@Test
	void scriptsFlushed() {
		Report.full(run("scripts flushed", false, (redis) -> {
			for (int i = 0; i < 10; i++) {
				redis.commands().scriptFlush();
				Pause.ofMillis(100);
			}
		}));
	}

	@Test
	void memoryFull() {
		Report.full(run("memory full (`maxmemory`, `noeviction`) for 2 s", false, (redis) -> {
			redis.commands().configSet("maxmemory", "1");
			Pause.ofMillis(2000);
			redis.commands().configSet("maxmemory", "0");
		}));
	}

	private Row run(String fault, boolean loses, Strike strike, String... settings) {
		long seed = Seeds.next();
		int times = Integer.getInteger("locky.faults.strikes", 5);
		Random random = new Random(seed);
		try (LockRedis redis = LockRedis.start(settings); Fleet fleet = new Fleet(redis.address(), seed)) {
			List<AppProcess> apps = fleet.start(APPS);
			apps.forEach((app) -> app.ask("keep kept-by-%s: %d %d".formatted(app.name(), KEPT, KEPT_TTL)));
			apps.forEach((app) -> app.ask("mix 3 6"));
			for (int i = 0; i < times; i++) {
				Pause.ofMillis(1500 + random.nextInt(1000));
				strike.at(redis);
			}
			Pause.ofMillis(1500);
			Ends ends = Ends.of(apps);
			List<String> violations = new ArrayList<>();
			long kept = kept(redis, apps, loses, violations);
			apps.forEach((app) -> app.ask("let-go"));
			redis.awaitQuiet(Duration.ofSeconds(90), fleet::size);
			Assumptions assumptions = fleet.assumptions().withAnswersLost();
			List<Violation> found = fleet.check(loses ? assumptions.withDataLost() : assumptions);
			long lost = found.stream().filter((violation) -> violation.kind().isLossOfData()).count();
			violations.addAll(fleet.store().violations());
			found.stream()
				.filter((violation) -> !violation.kind().isLossOfData())
				.forEach((violation) -> violations.add(violation.toString()));
			String counted = "%s; %d of %d renewed handles kept".formatted(fleet.counts(), kept, APPS * KEPT);
			return new Row(fault, promise(loses), ends.calls(), times, seed, violations,
					loses ? "%s; %d locks lost with the data".formatted(counted, lost) : counted);
		}
	}

	private static String promise(boolean loses) {
		return loses ? "0 stale saves; fences rise; handles of lost locks are lost; recovers by itself"
				: "every answer right or \"unknown\"; no renewed handle lost; recovers by itself";
	}

	/**
	 * A handle is valid if and only if Redis still has its lock, a renewal later.
	 */
	private static long kept(LockRedis redis, List<AppProcess> apps, boolean loses, List<String> violations) {
		Pause.ofMillis(KEPT_TTL / 2);
		long valid = apps.stream().mapToLong((app) -> Long.parseLong(app.ask("valid").split(" ")[1])).sum();
		long held = redis.commands().keys(App.PREFIX + "lock:kept-by-*").size();
		if (valid != held) {
			violations.add("%d handles are valid, and %d of their locks are held".formatted(valid, held));
		}
		if (!loses && held != (long) APPS * KEPT) {
			violations.add("%d of %d renewed locks are held".formatted(held, APPS * KEPT));
		}
		return held;
	}

	private interface Strike {

		void at(LockRedis redis);

	}

}
