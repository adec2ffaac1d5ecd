package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.locky.LockRequest;
import io.locky.PeopleSettings;
import io.locky.event.LockOfferedEvent;
import io.locky.event.LockyEvent;
import io.locky.people.LinePlace;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lines of people on several instances at once.
 */
@Timeout(120)
class LockLineRaceTests {

	private static final int INSTANCES = 4;

	private static final Duration LONG = Duration.ofMinutes(1);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final List<LockyTemplate> instances = IntStream.range(0, INSTANCES)
		.mapToObj((number) -> this.fixture.start(this.fixture.settings()
			.ttl(LONG)
			.people(PeopleSettings.NONE.with(new PeopleSettings.Line(LONG, LONG)))
			.build()))
		.toList();

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	private LockyTemplate instance(int number) {
		return this.instances.get(number % INSTANCES);
	}

	@Test
	void joinsOfSeveralInstancesHaveOneOrder() throws Exception {
		instance(0).lock("x", "holder");
		TestThreads.race(8, (thread) -> {
			for (int i = 0; i < 20; i++) {
				instance(thread).line().join("x", "p" + thread + "-" + i);
				instance(thread + 1).line().refresh("x", "p" + thread + "-0");
			}
		});
		List<LinePlace> places = instance(0).line().places("x");
		assertThat(places).hasSize(160).isSortedAccordingTo(Comparator.comparing(LinePlace::since));
		assertThat(places.stream().map(LinePlace::locker).distinct()).hasSize(160);
		for (int thread = 0; thread < 8; thread++) {
			String start = "p" + thread + "-";
			assertThat(places.stream().map(LinePlace::locker).filter((locker) -> locker.startsWith(start)))
				.containsExactlyElementsOf(IntStream.range(0, 20).mapToObj((i) -> start + i).toList());
		}
	}

	@Test
	void nobodyComesBetweenAReleaseAndTheOffer() throws Exception {
		int people = 30;
		instance(0).lock("x", "p0");
		for (int i = 1; i <= people; i++) {
			instance(i).line().join("x", "p" + i);
		}
		AtomicBoolean over = new AtomicBoolean();
		List<String> intruders = new CopyOnWriteArrayList<>();
		List<String> refused = new ArrayList<>();
		TestThreads.race(5, (thread) -> {
			if (thread > 0) {
				intrude(thread, over, intruders);
				return;
			}
			try {
				for (int i = 1; i <= people; i++) {
					assertThat(instance(i).unlock("x", "p" + (i - 1))).isTrue();
					if (!instance(i + 1).lock("x", "p" + i)) {
						refused.add("p" + i);
					}
				}
			}
			finally {
				over.set(true);
			}
		});
		assertThat(refused).isEmpty();
		assertThat(intruders).isEmpty();
		assertThat(this.fixture.events(LockOfferedEvent.class)).extracting(LockyEvent::getLocker)
			.containsExactlyElementsOf(IntStream.rangeClosed(1, people).mapToObj((i) -> "p" + i).toList());
	}

	private void intrude(int thread, AtomicBoolean over, List<String> intruders) {
		String who = "new" + thread;
		while (!over.get()) {
			LockRequest request = LockRequest.of("x").by(who);
			boolean granted = switch (thread) {
				case 1 -> instance(thread).lock(request);
				case 2 -> instance(thread).lock(request.waitUpTo(Duration.ofMillis(5)));
				case 3 -> instance(thread).lock(request.note("mine"));
				default -> instance(thread).lockAll(List.of("x", "y" + thread), who);
			};
			if (granted) {
				intruders.add(who);
				instance(thread).unlock("x", who);
			}
		}
	}

	@Test
	void oneOfferIsMadeHoweverManyNotice() throws Exception {
		for (int round = 0; round < 20; round++) {
			String resource = "r" + round;
			instance(0).lock(resource, "holder");
			for (int i = 0; i < 4; i++) {
				instance(i).line().join(resource, "p" + i);
			}
			this.fixture.events().clear();
			this.fixture.redis().delete(this.fixture.lockKey(resource));
			TestThreads.race(4, (thread) -> instance(thread).line().refresh(resource, "p" + thread));
			assertThat(this.fixture.events(LockOfferedEvent.class)).singleElement()
				.returns("p0", LockyEvent::getLocker);
		}
	}

}
