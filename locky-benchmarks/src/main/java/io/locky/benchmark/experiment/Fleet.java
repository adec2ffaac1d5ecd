package io.locky.benchmark.experiment;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.library.LockLibrary;
import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Table;

/**
 * What the applications of a fleet send each other while one of them locks and unlocks,
 * and what they send Redis while none does.
 */
public final class Fleet implements Experiment {

	private static final List<Library> LIBRARIES = List.of(Library.LOCKY, Library.LOCKY_BROADCAST,
			Library.REDISSON_LEASE, Library.REGISTRY_PUBSUB);

	@Override
	public void run(Scale scale, Report report) throws Exception {
		Table table = new Table("fleet", "applications that do not wait", "applications", "messages a pair",
				"scripts a pair", "commands/s, idle", "messages/s, idle");
		try (BenchmarkRedis redis = BenchmarkRedis.start()) {
			for (Library library : scale.pick(List.of(Library.LOCKY), LIBRARIES, LIBRARIES)) {
				for (int size : scale.pick(List.of(2), List.of(1, 10), List.of(1, 10, 50))) {
					redis.clear();
					List<LockLibrary> fleet = IntStream.range(0, size)
						.mapToObj((i) -> library.open(redis.port()))
						.toList();
					measure(scale, redis, table, library, fleet);
					fleet.forEach(LockLibrary::close);
				}
			}
		}
		report.add(table);
	}

	private static void measure(Scale scale, BenchmarkRedis redis, Table table, Library library,
			List<LockLibrary> fleet) throws Exception {
		int pairs = scale.pick(3, 500, 2000);
		pairs(fleet.get(0), 1);
		// What follows the start: the checks, the first looks of the workers.
		Pause.of(Duration.ofMillis(scale.pick(10, 2000, 3000)));
		ProcessLoad idle = ProcessLoad.during(redis, Duration.ofMillis(scale.pick(10, 3000, 10_000)));
		ProcessLoad busy = ProcessLoad.during(redis, () -> pairs(fleet.get(0), pairs));
		int subscribers = redis.subscribers();
		table.row(library.label(), fleet.size(),
				Figures.of((double) busy.server().of("publish").count() * subscribers / pairs),
				Figures.of((double) busy.server().scripts() / pairs), Figures.of(idle.commandsPerSecond()),
				Figures.of(idle.server().of("publish").count() * subscribers / idle.seconds()));
	}

	private static void pairs(LockLibrary locks, int count) {
		for (int i = 0; i < count; i++) {
			Objects.requireNonNull(locks.tryLock("article:" + i)).unlock();
		}
	}

}
