package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.locky.LockySettings;
import io.locky.PeopleSettings;
import io.locky.event.LockOfferedEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.internal.redis.Waiter;
import io.locky.people.LinePlace;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A hundred people on eight instances wait in one line, while instances are killed: their
 * people send nothing any more.
 */
@Timeout(120)
class LockLineFleetTests {

	private static final int PEOPLE = 100;

	private static final int INSTANCES = 8;

	private static final Duration PLACE = Duration.ofSeconds(3);

	private static final Duration OFFER = Duration.ofSeconds(2);

	private static final Duration REFRESH = PLACE.dividedBy(3);

	/** After so many grants, instances are killed. */
	private static final int GRANTS_BEFORE = 15;

	private static final List<Integer> KILLED = List.of(2, 5);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final List<Instance> instances = new ArrayList<>();

	private final List<String> served = Collections.synchronizedList(new ArrayList<>());

	private final List<Long> handovers = Collections.synchronizedList(new ArrayList<>());

	private final List<String> lost = Collections.synchronizedList(new ArrayList<>());

	private final AtomicLong releasedAt = new AtomicLong();

	@AfterEach
	void closeFixture() {
		this.instances.forEach(Instance::close);
		this.fixture.close();
	}

	@Test
	void lineOfAHundredSurvivesKilledInstances() throws Exception {
		for (int i = 0; i < INSTANCES; i++) {
			this.instances.add(new Instance(i));
		}
		LockyTemplate first = this.instances.get(0).locks;
		first.lock("x", "holder");
		List<String> order = new ArrayList<>();
		for (int i = 0; i < PEOPLE; i++) {
			String name = "p" + i;
			instance(i).locks.line().join("x", name);
			order.add(name);
		}
		this.releasedAt.set(System.nanoTime());
		first.unlock("x", "holder");
		TestThreads.race(PEOPLE, (number) -> waitInLine(instance(number), "p" + number));
		List<String> living = order.stream().filter((name) -> !isKilled(name) || this.served.contains(name)).toList();
		assertThat(this.lost).as("living people who lost their place").isEmpty();
		assertThat(this.served).containsExactlyElementsOf(living);
		assertThat(this.served).hasSizeGreaterThanOrEqualTo(PEOPLE - 2 * (PEOPLE / INSTANCES + 1));
		report();
	}

	private static boolean isKilled(String name) {
		return KILLED.contains(Integer.parseInt(name.substring(1)) % INSTANCES);
	}

	private Instance instance(int number) {
		return this.instances.get(number % INSTANCES);
	}

	private void waitInLine(Instance instance, String name) throws InterruptedException {
		Waiter waiter = instance.waiter(name);
		while (!instance.killed) {
			Optional<LinePlace> place = instance.refresh(name);
			if (instance.killed) {
				return;
			}
			if (place.isEmpty()) {
				this.lost.add(name);
				return;
			}
			if (place.get().offeredFor() != null && instance.locks.lock("x", name)) {
				work(instance, name);
				return;
			}
			waiter.await(REFRESH);
		}
	}

	private void work(Instance instance, String name) {
		this.handovers.add(System.nanoTime() - this.releasedAt.get());
		this.served.add(name);
		if (this.served.size() == GRANTS_BEFORE) {
			KILLED.forEach((number) -> this.instances.get(number).kill());
		}
		this.releasedAt.set(System.nanoTime());
		if (!instance.killed) {
			instance.locks.unlock("x", name);
		}
		else {
			this.instances.get(0).locks.unlock("x", name);
		}
	}

	private void report() {
		long[] sorted = this.handovers.stream().mapToLong(Long::longValue).sorted().toArray();
		System.out.printf("%d people served, %d killed; hand-over in ms: median %d, 95%% %d, longest %d%n",
				sorted.length, PEOPLE - sorted.length, sorted[sorted.length / 2] / 1_000_000,
				sorted[sorted.length * 95 / 100] / 1_000_000, Arrays.stream(sorted).max().orElse(0) / 1_000_000);
	}

	/** An instance with a connection of its own. */
	private final class Instance {

		private final Map<String, Waiter> waiters = new ConcurrentHashMap<>();

		private final LettuceConnectionFactory connections = TestRedis.connect();

		private final LockyFixture own = new LockyFixture(this.connections, TestRedis.connectionFactory());

		private final LockyTemplate locks;

		private volatile boolean killed;

		private Instance(int number) {
			LockySettings settings = LockLineFleetTests.this.fixture.settings()
				.ttl(Duration.ofSeconds(30))
				.broadcast(true)
				.instance("instance-" + number)
				.people(PeopleSettings.NONE.with(new PeopleSettings.Line(PLACE, OFFER)))
				.build();
			this.locks = this.own.start(LockyRuntime.keys(this.connections, settings), settings, (event) -> {
				if (event instanceof LockOfferedEvent offer) {
					waiter(offer.getLocker()).wake();
				}
			});
		}

		private Waiter waiter(String name) {
			return this.waiters.computeIfAbsent(name, (key) -> new Waiter());
		}

		private Optional<LinePlace> refresh(String name) {
			try {
				return this.locks.line().refresh("x", name);
			}
			catch (RuntimeException ex) {
				if (this.killed) {
					return Optional.empty();
				}
				throw ex;
			}
		}

		/** Nothing is left in Redis in order. */
		private void kill() {
			this.killed = true;
			this.connections.destroy();
			this.waiters.values().forEach(Waiter::wake);
		}

		private void close() {
			this.own.closeTemplates();
			if (!this.killed) {
				this.connections.destroy();
			}
		}

	}

}
