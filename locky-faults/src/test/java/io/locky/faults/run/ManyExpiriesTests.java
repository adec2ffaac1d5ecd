package io.locky.faults.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.awaitility.Awaitility.await;

/**
 * Very many expiries within a short time, and one of the workers is killed on the way.
 */
class ManyExpiriesTests {

	private static final int LOCKS = Integer.getInteger("locky.faults.expiries", 1_000_000);

	private static final int WORKERS = 4;

	@Test
	@Tag("faults")
	@Timeout(1200)
	void eachOfVeryManyExpiriesIsPublished() {
		long seed = Seeds.next();
		try (LockRedis redis = LockRedis.start(); Fleet fleet = new Fleet(redis.address(), seed)) {
			AppProcess holder = fleet.launch(fleet.next().quiet().withoutWorker().ttl(20_000).timeout(20_000));
			holder.awaitReady().ask("numbers");
			List<AppProcess> workers = new ArrayList<>();
			for (int i = 0; i < WORKERS; i++) {
				workers.add(fleet.launch(fleet.next().quiet().timeout(20_000)));
			}
			workers.forEach((worker) -> worker.awaitReady().ask("numbers"));
			holder.send("burst " + LOCKS);
			AppProcess victim = workers.get((int) (seed % WORKERS));
			await().atMost(Duration.ofMinutes(10)).until(() -> published(victim) > LOCKS / 20);
			fleet.kill(victim);
			holder.answer(Duration.ofMinutes(10));
			redis.awaitQuiet(Duration.ofMinutes(10), () -> workers.stream().mapToLong(this::published).sum());
			Report.full(row(seed, workers, victim));
		}
	}

	private long published(AppProcess worker) {
		return numbers(worker).toFile().length() / Integer.BYTES;
	}

	private static Path numbers(AppProcess worker) {
		return Path.of(worker.history() + "-numbers");
	}

	private Row row(long seed, List<AppProcess> workers, AppProcess victim) {
		int[] ofVictim = NumberFile.read(numbers(victim), LOCKS);
		int[] times = new int[LOCKS];
		for (AppProcess worker : workers) {
			int[] published = NumberFile.read(numbers(worker), LOCKS);
			for (int i = 0; i < LOCKS; i++) {
				times[i] += published[i];
			}
		}
		List<String> violations = new ArrayList<>();
		int again = 0;
		for (int i = 0; i < LOCKS; i++) {
			if (times[i] == 0) {
				violations.add("never published: " + i);
			}
			else if (times[i] > 1) {
				again++;
				if (ofVictim[i] == 0 || times[i] > 2) {
					violations.add(
							"published %d times, %d of them by the killed one: %d".formatted(times[i], ofVictim[i], i));
				}
			}
		}
		return new Row("%s expiries, 4 workers, one killed on the way".formatted(Row.grouped(LOCKS)),
				"each published; at most those of the killed one that it had not acknowledged twice", LOCKS, 1, seed,
				violations, "%d expiries published again".formatted(again));
	}

}
