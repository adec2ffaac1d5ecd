package io.locky.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.locky.InvalidLockValueException;
import io.locky.LockySettings;
import io.locky.event.PresenceChangedEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.people.LockPresence;
import io.locky.people.Presence;
import io.locky.people.PresenceState;
import io.locky.testing.TestThreads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ApplicationEventPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Who is looking at a resource, on any Redis.
 */
abstract class PresenceContract extends LockyContract {

	private static final String RESOURCE = "article:{12}:\"ü\"";

	private LockPresence presence;

	@BeforeEach
	void openPresence() {
		this.presence = this.template.presence();
	}

	@Test
	void personIsShownUntilSheLeaves() {
		Instant before = now();
		List<Presence> people = this.presence.enter(RESOURCE, "ann: \"a\"", "p1", PresenceState.VIEWING);
		assertThat(people).isNotEmpty().allSatisfy((ann) -> {
			assertThat(ann.resource()).isEqualTo(RESOURCE);
			assertThat(ann.person()).isEqualTo("ann: \"a\"");
			assertThat(ann.state()).isEqualTo(PresenceState.VIEWING);
			assertThat(ann.since()).isBetween(before, now());
			assertThat(ann.expiresIn()).isEqualTo(Duration.ofSeconds(30));
		});
		assertThat(this.presence.present(RESOURCE)).singleElement()
			.returns(people.get(0).since(), Presence::since)
			.satisfies((ann) -> assertThat(ann.expiresIn()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30)));
		assertThat(this.presence.leave(RESOURCE, "ann: \"a\"", "p1")).isTrue();
		assertThat(this.presence.leave(RESOURCE, "ann: \"a\"", "p1")).isFalse();
		assertThat(this.presence.present(RESOURCE)).isEmpty();
		assertThat(this.fixture.allKeys()).isEmpty();
		assertThat(changes()).containsExactly("ann: \"a\" VIEWING", "ann: \"a\" null");
	}

	@Test
	void severalPagesAreOnePersonWithTheMostActiveState() {
		Instant since = this.presence.enter(RESOURCE, "ann", "p1", PresenceState.VIEWING).get(0).since();
		this.presence.enter(RESOURCE, "ann", "p2", PresenceState.EDITING);
		assertThat(this.presence.enter(RESOURCE, "ann", "p3", PresenceState.WAITING)).singleElement()
			.returns(PresenceState.EDITING, Presence::state)
			.returns(since, Presence::since);
		this.presence.leave(RESOURCE, "ann", "p1");
		assertThat(this.presence.present(RESOURCE)).singleElement().returns(since, Presence::since);
		this.presence.leave(RESOURCE, "ann", "p2");
		assertThat(this.presence.enter(RESOURCE, "ann", "p3", PresenceState.VIEWING)).singleElement()
			.returns(since, Presence::since);
		assertThat(changes()).containsExactly("ann VIEWING", "ann EDITING", "ann WAITING", "ann VIEWING");
	}

	@Test
	void thoseWhoEditComeFirst() {
		this.presence.enter(RESOURCE, "v1", "", PresenceState.VIEWING);
		afterAMillisecond();
		this.presence.enter(RESOURCE, "w1", "", PresenceState.WAITING);
		afterAMillisecond();
		this.presence.enter(RESOURCE, "a2", "", PresenceState.VIEWING);
		this.presence.enter(RESOURCE, "e1", "", PresenceState.EDITING);
		assertThat(this.presence.present(RESOURCE)).extracting(Presence::person)
			.containsExactly("e1", "w1", "v1", "a2");
		assertThat(this.presence.present("another")).isEmpty();
	}

	@Test
	void heartbeatIsWrittenOnceInAThirdOfTheLease() {
		this.presence.enter(RESOURCE, "ann", "p1", PresenceState.VIEWING);
		Object written = entry("ann", "p1");
		afterAMillisecond();
		assertThat(this.presence.enter(RESOURCE, "ann", "p1", PresenceState.VIEWING)).hasSize(1);
		assertThat(entry("ann", "p1")).isEqualTo(written);
		this.presence.enter(RESOURCE, "ann", "p1", PresenceState.EDITING);
		assertThat(entry("ann", "p1")).asString().startsWith("[\"editing\",");
		write("ann", "p1", "editing", Duration.ofSeconds(-40), Duration.ofMillis(19_900));
		assertThat(this.presence.enter(RESOURCE, "ann", "p1", PresenceState.EDITING).get(0).expiresIn())
			.isEqualTo(Duration.ofSeconds(30));
		assertThat(changes()).containsExactly("ann VIEWING", "ann EDITING");
	}

	@Test
	void hashExpiresWithItsLastLease() {
		this.presence.enter(RESOURCE, "ann", "p1", PresenceState.VIEWING);
		assertThat(this.fixture.redis().getExpire(key(), TimeUnit.MILLISECONDS)).isBetween(20_000L, 30_000L);
		assertThat(this.fixture.allKeys()).containsExactly(key());
	}

	@ParameterizedTest
	@ValueSource(strings = { "enter", "leave", "look" })
	void endOfALeaseIsNoticedByTheNextCall(String call) {
		this.presence.enter(RESOURCE, "ann", "p1", PresenceState.VIEWING);
		write("bob", "p1", "editing", Duration.ofSeconds(-60), Duration.ofSeconds(-5));
		write("bob", "p2", "viewing", Duration.ofSeconds(-60), Duration.ofSeconds(5));
		write("eve", "p1", "waiting", Duration.ofSeconds(-60), Duration.ofSeconds(-7));
		// As if the clock had been set back.
		write("joe", "p1", "waiting", Duration.ofSeconds(3600), Duration.ofSeconds(3630));
		switch (call) {
			case "enter" -> this.presence.enter(RESOURCE, "ann", "p2", PresenceState.VIEWING);
			case "leave" -> this.presence.leave(RESOURCE, "ann", "p7");
			default -> this.presence.present(RESOURCE);
		}
		assertThat(this.presence.present(RESOURCE)).extracting(Presence::person).containsExactly("bob", "ann");
		assertThat(changes()).containsExactlyInAnyOrder("ann VIEWING", "bob VIEWING", "eve null", "joe null");
		PresenceChangedEvent gone = this.fixture.events(PresenceChangedEvent.class)
			.stream()
			.filter((event) -> event.getLocker().equals("eve"))
			.findFirst()
			.orElseThrow();
		assertThat(gone.getOccurredAt()).isBetween(now().minusSeconds(15), now().minusSeconds(6));
		assertThat(gone.getFence()).isZero();
	}

	/** The pages of others have removed her when her lease was over. */
	@Test
	void personWhoComesBackLateIsPublished() {
		write("ann", "p1", "viewing", Duration.ofSeconds(-60), Duration.ofSeconds(-5));
		assertThat(this.presence.enter(RESOURCE, "ann", "p1", PresenceState.VIEWING)).singleElement()
			.satisfies((ann) -> assertThat(ann.since()).isAfter(now().minusSeconds(10)));
		assertThat(changes()).containsExactly("ann VIEWING");
	}

	@Test
	void fullResourceShowsNobodyMore() {
		IntStream.range(0, 200).forEach((id) -> write("p" + id, "", "viewing", Duration.ZERO, Duration.ofSeconds(25)));
		assertThat(this.presence.enter(RESOURCE, "late", "p1", PresenceState.EDITING)).hasSize(200)
			.noneMatch((person) -> person.person().equals("late"));
		assertThat(this.presence.leave(RESOURCE, "late", "p1")).isFalse();
		assertThat(this.presence.enter(RESOURCE, "p7", "", PresenceState.EDITING).get(0).person()).isEqualTo("p7");
		assertThat(this.fixture.redis().opsForHash().size(key())).isEqualTo(200);
		this.presence.leave(RESOURCE, "p8", "");
		assertThat(this.presence.enter(RESOURCE, "late", "p1", PresenceState.EDITING)).hasSize(200)
			.anyMatch((person) -> person.person().equals("late"));
		assertThat(changes()).containsExactly("p7 EDITING", "p8 null", "late EDITING");
	}

	@Test
	void personWithManyPagesKeepsTheLast() {
		IntStream.range(0, 10)
			.forEach((id) -> write("ann", "p" + id, "viewing", Duration.ZERO, Duration.ofSeconds(20 + (id + 5) % 10)));
		this.presence.enter(RESOURCE, "ann", "new", PresenceState.VIEWING);
		assertThat(this.fixture.redis().opsForHash().size(key())).isEqualTo(10);
		assertThat(entry("ann", "p5")).isNull();
		assertThat(changes()).isEmpty();
	}

	@Test
	void entryOfALaterVersionIsLeftAlone() {
		this.presence.enter(RESOURCE, "ann", "p1", PresenceState.VIEWING);
		this.fixture.redis().opsForHash().put(key(), "bob\0p1", "2[\"viewing\"]");
		assertThat(this.presence.present(RESOURCE)).hasSize(1);
		assertThat(entry("bob", "p1")).isEqualTo("2[\"viewing\"]");
	}

	@Test
	void otherInstanceReceivesChanges() {
		List<PresenceChangedEvent> received = new CopyOnWriteArrayList<>();
		instance("follower", (event) -> received.add((PresenceChangedEvent) event));
		LockPresence sender = instance("sender", this.fixture.publisher()).presence();
		sender.enter(RESOURCE, "ann", "p1", PresenceState.WAITING);
		sender.enter(RESOURCE, "ann", "p1", PresenceState.WAITING);
		sender.leave(RESOURCE, "ann", "p1");
		await().atMost(Duration.ofSeconds(30)).until(() -> received.size() >= 2);
		assertThat(received).hasSize(2).allMatch((event) -> "sender".equals(event.getOrigin()));
		assertThat(received).extracting(PresenceChangedEvent::getState).containsExactly(PresenceState.WAITING, null);
		List<PresenceChangedEvent> own = this.fixture.events(PresenceChangedEvent.class);
		assertThat(received).extracting(PresenceChangedEvent::getOccurredAt)
			.containsExactlyElementsOf(own.stream().map(PresenceChangedEvent::getOccurredAt).toList());
		assertThat(own).noneMatch(PresenceChangedEvent::isRemote);
	}

	/** Every person has several pages, and all of them share one hash. */
	@Test
	void manyPeopleComeAndGoAtOnce() throws Exception {
		List<Visitor> visitors = IntStream.range(0, 8).mapToObj(Visitor::new).toList();
		TestThreads.race(8, (thread) -> visitors.get(thread).comeAndGo(this.fixture.template(TTL).presence()));
		for (Visitor visitor : visitors) {
			assertThat(this.fixture.events(PresenceChangedEvent.class))
				.filteredOn((event) -> event.getLocker().equals(visitor.person))
				.extracting((event) -> String.valueOf(event.getState()))
				.containsExactlyElementsOf(visitor.expected);
			assertThat(this.presence.present(RESOURCE)).filteredOn((present) -> present.person().equals(visitor.person))
				.extracting(Presence::state)
				.isEqualTo((visitor.shown() != null) ? List.of(visitor.shown()) : List.of());
		}
	}

	@Test
	void endOfALeaseIsPublishedOnce() throws Exception {
		for (int i = 0; i < 20; i++) {
			write("gone" + i, "p1", "viewing", Duration.ofSeconds(-60), Duration.ofSeconds(-1));
		}
		write("ann", "p1", "viewing", Duration.ofSeconds(-60), Duration.ofSeconds(25));
		List<LockPresence> instances = IntStream.range(0, 4)
			.mapToObj((id) -> this.fixture.template(TTL).presence())
			.toList();
		TestThreads.race(8, (thread) -> instances.get(thread % 4).present(RESOURCE));
		assertThat(changes()).hasSize(20).doesNotHaveDuplicates().allMatch((change) -> change.endsWith(" null"));
	}

	@Test
	void invalidValuesAreRefused() {
		for (String page : new String[] { "a b", "ü", "x".repeat(65), "a\0b" }) {
			assertThatExceptionOfType(InvalidLockValueException.class)
				.isThrownBy(() -> this.presence.enter(RESOURCE, "ann", page, PresenceState.VIEWING));
			assertThatExceptionOfType(InvalidLockValueException.class)
				.isThrownBy(() -> this.presence.leave(RESOURCE, "ann", page));
		}
		assertThatExceptionOfType(InvalidLockValueException.class)
			.isThrownBy(() -> this.presence.enter(RESOURCE, "a\0b", "", PresenceState.VIEWING));
		assertThatExceptionOfType(InvalidLockValueException.class).isThrownBy(() -> this.presence.present(" "));
		assertThat(this.fixture.allKeys()).isEmpty();
	}

	private LockyTemplate instance(String name, ApplicationEventPublisher publisher) {
		LockySettings settings = this.fixture.settings().ttl(TTL).broadcast(true).instance(name).build();
		return this.fixture.start(LockyRuntime.keys(redis().connection(), settings), settings, publisher);
	}

	private List<String> changes() {
		return this.fixture.events(PresenceChangedEvent.class)
			.stream()
			.map((event) -> event.getLocker() + " " + event.getState())
			.toList();
	}

	private String key() {
		return this.fixture.keys().partitionOf(RESOURCE).presence(RESOURCE);
	}

	private @Nullable Object entry(String person, String page) {
		return this.fixture.redis().opsForHash().get(key(), person + "\0" + page);
	}

	/** Instead of waiting for the end of a lease. */
	private void write(String person, String page, String state, Duration since, Duration end) {
		this.fixture.redis()
			.opsForHash()
			.put(key(), person + "\0" + page, "[\"%s\",%d,%d]".formatted(state, now().plus(since).toEpochMilli(),
					now().plus(end).toEpochMilli()));
		this.fixture.redis().expire(key(), Duration.ofSeconds(30));
	}

	/** All servers run on this machine. */
	private static Instant now() {
		return Instant.ofEpochMilli(System.currentTimeMillis());
	}

	private static void afterAMillisecond() {
		long begin = System.currentTimeMillis();
		await().pollInterval(Duration.ofMillis(1)).until(() -> System.currentTimeMillis() > begin);
	}

	/** A person with up to three pages, and what others should see of them. */
	private static final class Visitor {

		private final Map<String, PresenceState> pages = new TreeMap<>();

		private final List<String> expected = new ArrayList<>();

		private final Random random;

		private final String person;

		Visitor(int id) {
			this.random = new Random(id);
			this.person = "person" + id;
		}

		void comeAndGo(LockPresence presence) {
			for (int i = 0; i < 120; i++) {
				PresenceState before = shown();
				String page = "p" + this.random.nextInt(3);
				if (this.random.nextInt(3) == 0) {
					assertThat(presence.leave(RESOURCE, this.person, page)).isEqualTo(this.pages.remove(page) != null);
				}
				else {
					PresenceState state = PresenceState.values()[this.random.nextInt(3)];
					this.pages.put(page, state);
					assertThat(presence.enter(RESOURCE, this.person, page, state))
						.anySatisfy((present) -> assertThat(present).returns(this.person, Presence::person)
							.returns(shown(), Presence::state));
				}
				if (shown() != before) {
					this.expected.add(String.valueOf(shown()));
				}
			}
		}

		@Nullable PresenceState shown() {
			return this.pages.values().stream().min(Comparator.naturalOrder()).orElse(null);
		}

	}

}
