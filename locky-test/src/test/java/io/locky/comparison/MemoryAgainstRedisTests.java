package io.locky.comparison;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.event.LockyEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random operations, whose answers and events in memory and in Redis must be equal.
 * {@code -Dlocky.comparison.operations=100000} makes so many of them, and
 * {@code -Dlocky.comparison.seed=…} repeats those of an earlier run.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class MemoryAgainstRedisTests {

	private static final int SEQUENCES = 20;

	private static final int PHASES = 3;

	private static final int OPERATIONS = 15;

	private static final int MOST_BATCHES = 10_000;

	private static final Duration SLOWEST = Duration.ofMillis(800);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final Map<String, Queue<LockyEvent>> events = new ConcurrentHashMap<>();

	private LockyTemplate redis;

	@BeforeEach
	void startRedis() {
		LockySettings settings = this.fixture.settings().ttl(Leases.LONG).expiration(true).build();
		this.redis = this.fixture.start(LockyRuntime.keys(TestRedis.connectionFactory(), settings), settings,
				(event) -> events(((LockyEvent) event).getResource().split(":")[0]).add((LockyEvent) event));
	}

	@AfterEach
	void stopRedis() {
		this.fixture.close();
	}

	private Collection<LockyEvent> events(String name) {
		return this.events.computeIfAbsent(name, (unknown) -> new ConcurrentLinkedQueue<>());
	}

	@Test
	void answersAndEventsAreEqual() throws Exception {
		int wanted = Integer.getInteger("locky.comparison.operations", 2000);
		long seed = Long.getLong("locky.comparison.seed", System.nanoTime());
		Random seeds = new Random(seed);
		Leases leases = new Leases(Duration.ofMillis(50));
		int compared = 0;
		int discarded = 0;
		for (int batch = 0; compared < wanted && batch < MOST_BATCHES; batch++) {
			int conclusive = run(batch, seeds, leases, seed);
			compared += conclusive * PHASES * OPERATIONS;
			discarded += (SEQUENCES - conclusive) * PHASES * OPERATIONS;
			if (conclusive < SEQUENCES / 2 && leases.unit().compareTo(SLOWEST) < 0) {
				leases = new Leases(leases.unit().multipliedBy(2));
			}
			this.events.clear();
		}
		System.out.printf("Compared %d operations, seed %d, unit %s; %d others were too slow%n", compared, seed,
				leases.unit(), discarded);
		assertThat(compared).isGreaterThanOrEqualTo(wanted);
	}

	/** The sequences of a batch share their pauses. */
	private int run(int batch, Random seeds, Leases leases, long seed) throws Exception {
		List<ComparedSequence> sequences = new ArrayList<>();
		for (int i = 0; i < SEQUENCES; i++) {
			String name = batch + "." + i;
			RandomOperation.Source source = new RandomOperation.Source(new Random(seeds.nextLong()), leases, name);
			sequences.add(new ComparedSequence(source, leases, this.redis, () -> events(name)));
		}
		Map<ComparedSequence, Throwable> failures = new HashMap<>();
		for (int phase = 0; phase < PHASES; phase++) {
			if (phase > 0) {
				TimeUnit.MILLISECONDS.sleep(leases.pause().toMillis());
			}
			for (ComparedSequence sequence : sequences) {
				if (!failures.containsKey(sequence) && sequence.isConclusive()) {
					run(sequence, phase).ifPresent((failure) -> failures.put(sequence, failure));
				}
			}
		}
		return (int) sequences.stream().filter((sequence) -> isEqual(sequence, failures.get(sequence), seed)).count();
	}

	private static Optional<Throwable> run(ComparedSequence sequence, int phase) {
		try {
			if (phase > 0) {
				sequence.pause();
			}
			sequence.run(OPERATIONS, phase == PHASES - 1);
			return Optional.empty();
		}
		catch (Throwable ex) {
			return Optional.of(ex);
		}
	}

	private static boolean isEqual(ComparedSequence sequence, Throwable failure, long seed) {
		Throwable difference = failure;
		try {
			if (difference == null && sequence.isConclusive()) {
				sequence.compareEvents();
			}
		}
		catch (Throwable ex) {
			difference = ex;
		}
		if (!sequence.isConclusive()) {
			return false;
		}
		if (difference != null) {
			throw new AssertionError("Memory and Redis differ, with the seed " + seed, difference);
		}
		return true;
	}

}
