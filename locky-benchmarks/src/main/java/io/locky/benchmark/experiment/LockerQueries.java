package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.List;

import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.library.LockyApplication;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Table;
import io.locky.core.LockyTemplate;

import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * What is asked for one locker among the locks of all: how long it takes, and what it
 * does to others.
 */
public final class LockerQueries implements Experiment {

	private static final int OF_LOCKER = 100;

	private static final int THREADS = 4;

	private static final Duration LONGEST_BUILD = Duration.ofMinutes(3);

	@Override
	public void run(Scale scale, Report report) {
		Table table = new Table("lockers", "100 locks of a locker, among", "list ms", "unlockAll ms",
				"pairs/s of others before", "during list", "during unlockAll");
		for (int others : scale.pick(List.of(10), List.of(1000, 100_000), List.of(1000, 1_000_000))) {
			try (BenchmarkRedis redis = BenchmarkRedis.start()) {
				HeldLocks.acquire(redis, others, "others");
				try (LockyApplication application = LockyApplication.start(redis.port());
						LockLibrary library = Library.LOCKY.open(redis.port());
						PairLoad load = new PairLoad(library, THREADS)) {
					awaitIndex(application);
					measure(scale, table, others, application.locks(), load);
				}
			}
		}
		report.add(table);
	}

	/** The application builds it in the background. */
	private static void awaitIndex(LockyApplication application) {
		StringRedisTemplate redis = new StringRedisTemplate(application.connections());
		long end = System.nanoTime() + LONGEST_BUILD.toNanos();
		while (!String.valueOf(redis.opsForHash().get("locky:lockers", "\0")).startsWith("complete")) {
			if (System.nanoTime() > end) {
				throw new IllegalStateException("The index by locker was not built within " + LONGEST_BUILD);
			}
			Pause.of(Duration.ofMillis(100));
		}
	}

	private static void measure(Scale scale, Table table, int others, LockyTemplate locks, PairLoad load) {
		for (int i = 0; i < OF_LOCKER; i++) {
			locks.lock("of-ann:" + i, "ann");
		}
		load.during(Duration.ofMillis(scale.pick(5, 1000, 5000)));
		double before = load.during(Duration.ofMillis(scale.pick(5, 1000, 3000)));
		long[] nanos = new long[3];
		nanos[0] = System.nanoTime();
		double duringList = load.during(() -> list(locks));
		nanos[1] = System.nanoTime();
		double duringUnlock = load.during(() -> unlockAll(locks));
		nanos[2] = System.nanoTime();
		table.row("%,d".formatted(others), Figures.of((nanos[1] - nanos[0]) / 1e6),
				Figures.of((nanos[2] - nanos[1]) / 1e6), Figures.of(before), Figures.of(duringList),
				Figures.of(duringUnlock));
	}

	private static void list(LockyTemplate locks) {
		LockQuery query = LockQuery.all().heldBy("ann").limit(OF_LOCKER);
		int found = 0;
		LockPage page = locks.list(query);
		while (true) {
			found += page.locks().size();
			String cursor = page.cursor();
			if (cursor == null) {
				break;
			}
			page = locks.list(query.after(cursor));
		}
		require(found);
	}

	private static void unlockAll(LockyTemplate locks) {
		require(locks.unlockAll("ann"));
	}

	private static void require(int count) {
		if (count != OF_LOCKER) {
			throw new IllegalStateException("Found %d locks of the locker".formatted(count));
		}
	}

}
