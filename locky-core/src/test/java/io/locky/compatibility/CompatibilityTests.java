package io.locky.compatibility;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import io.locky.compatibility.Member.Event;
import io.locky.compatibility.Member.Setup;
import io.locky.core.LockyTemplate;
import io.locky.testing.CapturedLog;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Instances of the previous release and of the present code share locks, as they do
 * during a rolling update and after a roll-back.
 */
class CompatibilityTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private static final int BURST = 2400;

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final List<Member> members = new ArrayList<>();

	private final List<LettuceConnectionFactory> connections = new ArrayList<>();

	private final CountDownLatch end = new CountDownLatch(1);

	/** A version, and the one to which its instances are replaced. */
	enum Version {

		PREVIOUS, PRESENT;

		Version other() {
			return (this == PREVIOUS) ? PRESENT : PREVIOUS;
		}

	}

	@AfterEach
	void closeAll() {
		this.end.countDown();
		this.members.forEach(Member::close);
		this.connections.forEach(LettuceConnectionFactory::destroy);
		this.fixture.close();
	}

	@Test
	void previousReleaseRunsItsOwnClassesAndScripts() throws Exception {
		Class<?> previous = PreviousRelease.LOADER.loadClass(LockyTemplate.class.getName());
		assertThat(previous).isNotEqualTo(LockyTemplate.class);
		String script = "io/locky/internal/lock/acquire.lua";
		assertThat(PreviousRelease.LOADER.getResource(script).toString()).contains(PreviousRelease.jar().toString());
		assertThat(LockyTemplate.class.getClassLoader().getResource(script).toString())
			.doesNotContain(PreviousRelease.jar().toString());
	}

	@ParameterizedTest
	@EnumSource
	void claimsOfAKilledInstanceArePublishedByTheOther(Version claiming) {
		CountDownLatch claimed = new CountDownLatch(3);
		LettuceConnectionFactory connection = connect();
		Member killed = start(claiming,
				new Setup(connection, this.fixture.prefix(), "killed", LONG, Duration.ofSeconds(1), () -> {
					claimed.countDown();
					awaitQuietly(this.end);
				}));
		List<String> resources = List.of("x", "y", "z");
		resources.forEach((resource) -> killed.lock(resource, "ann", Duration.ofMillis(100)));
		Map<String, Long> fences = fences(killed.events());
		awaitQuietly(claimed);
		Member other = start(claiming.other(), "other");
		connection.destroy();
		await().atMost(TIMEOUT).until(() -> own(other).size() == resources.size());
		assertThat(fences(own(other))).isEqualTo(fences);
	}

	/** An instance keeps a thousand expiries at most, so both have to claim some. */
	@Test
	void burstIsPublishedOnceByBothTogether() {
		CountDownLatch both = new CountDownLatch(2);
		Member previous = start(Version.PREVIOUS, burst("previous", both));
		Member present = start(Version.PRESENT, burst("present", both));
		for (int part = 0; part < BURST; part += 600) {
			List<String> resources = IntStream.range(part, part + 600).mapToObj((i) -> "article:" + i).toList();
			assertThat(((part % 1200 == 0) ? previous : present).lockAll(resources, "ann")).isTrue();
		}
		await().atMost(TIMEOUT).until(() -> expired(previous).size() >= BURST && expired(present).size() >= BURST);
		for (Member member : this.members) {
			assertThat(expired(member)).extracting(Event::resource).doesNotHaveDuplicates().hasSize(BURST);
			assertThat(own(member)).isNotEmpty();
			assertThat(member.missed()).isZero();
		}
		assertThat(own(previous).size() + own(present).size()).isEqualTo(BURST);
	}

	private Setup burst(String name, CountDownLatch both) {
		AtomicBoolean first = new AtomicBoolean(true);
		return new Setup(connect(), this.fixture.prefix(), name, Duration.ofSeconds(3), Duration.ofSeconds(30), () -> {
			if (first.getAndSet(false)) {
				both.countDown();
			}
			awaitQuietly(both);
		});
	}

	@Test
	void eachReadsTheEventsOfTheOther() {
		Member previous = start(Version.PREVIOUS, "previous");
		Member present = start(Version.PRESENT, "present");
		for (int i = 0; i < 100; i++) {
			Member here = (i % 2 == 0) ? previous : present;
			Member there = (i % 2 == 0) ? present : previous;
			String resource = "article:" + i % 7;
			assertThat(here.lock(resource, "ann", LONG)).isTrue();
			assertThat(there.takeOver(resource, "bob \"\\ \u00fc")).isTrue();
			assertThat(here.unlock(resource, "bob \"\\ \u00fc")).isTrue();
		}
		await().atMost(TIMEOUT).until(() -> previous.events().size() >= 300 && present.events().size() >= 300);
		assertThat(texts(previous)).doesNotHaveDuplicates()
			.containsExactlyInAnyOrderElementsOf(texts(present))
			.hasSize(300);
		Set<String> here = texts(previous.events().stream().filter(Event::remote));
		assertThat(here).hasSize(150)
			.doesNotContainAnyElementsOf(texts(present.events().stream().filter(Event::remote)));
		assertThat(previous.missed() + present.missed()).isZero();
	}

	/** From the previous release it is an upgrade, from the present code a roll-back. */
	@ParameterizedTest
	@EnumSource
	void replacingInstancesOneByOneKeepsAllLocks(Version from) {
		Member first = start(from, "first");
		Member second = start(from, "second");
		for (String resource : List.of("read", "refreshed", "released", "taken")) {
			assertThat(first.lock(resource, "ann", LONG)).isTrue();
		}
		second.hold("renewed", "eve", Duration.ofMillis(1500));
		assertThat(first.lock("expiring", "ann", Duration.ofSeconds(1))).isTrue();
		Map<String, Long> before = fences(first.events());
		first.close();

		Member third = start(from.other(), "third");
		assertThat(third.lock("read", "bob", LONG)).isFalse();
		assertThat(third.refresh("refreshed", "ann")).isTrue();
		assertThat(third.unlock("released", "ann")).isTrue();
		assertThat(third.lock("released", "bob", LONG)).isTrue();
		assertThat(third.takeOver("taken", "bob")).isTrue();
		assertThat(second.find("released").orElseThrow()).isEqualTo(third.find("released").orElseThrow());
		assertThat(second.refresh("released", "bob")).isTrue();
		assertThat(second.lock("taken", "ann", LONG)).isFalse();
		await().atMost(TIMEOUT).until(() -> expiries("expiring") == 1);
		assertThat(third.lock("expiring", "bob", Duration.ofSeconds(1))).isTrue();
		assertThat(third.find("renewed").orElseThrow().locker()).isEqualTo("eve");
		for (String resource : List.of("released", "taken", "expiring")) {
			assertThat(highestFence(third, resource, "bob")).isGreaterThan(before.get(resource));
		}
		second.close();

		Member fourth = start(from.other(), "fourth");
		for (String resource : List.of("read", "refreshed")) {
			assertThat(fourth.find(resource)).contains(new Member.Grant("ann", before.get(resource)));
		}
		assertThat(fourth.lock("read", "bob", LONG)).isFalse();
		assertThat(fourth.unlock("read", "ann")).isTrue();
		await().atMost(TIMEOUT).until(() -> fourth.lock("renewed", "bob", LONG));
		await().atMost(TIMEOUT).until(() -> expiries("expiring") == 2);
		assertThat(this.members).allMatch((member) -> member.missed() == 0);
	}

	private static long highestFence(Member member, String resource, String locker) {
		return member.events()
			.stream()
			.filter((event) -> event.resource().equals(resource) && event.locker().equals(locker))
			.mapToLong(Event::fence)
			.max()
			.orElseThrow();
	}

	@ParameterizedTest
	@EnumSource
	void dataOfALaterVersionIsLeftWithOneWarning(Version version) {
		StringRedisTemplate redis = this.fixture.redis();
		String prefix = this.fixture.prefix();
		String record = "2[{\"locker\":\"ann\"},\"1718000000000000\"]";
		String claim = "2[[\"later\",\"1718000000000\"],[\"ann\"],[\"1718000000000000\"]]";
		try (CapturedLog log = new CapturedLog()) {
			Member member = start(version, "member");
			redis.opsForHash().put(prefix + "records", "later", record);
			redis.opsForZSet().add(prefix + "deadlines", "later", 1);
			redis.opsForZSet().add(prefix + "unacked", claim, 1);
			Map<String, String> entry = new LinkedHashMap<>();
			entry.put("before", "0-0");
			entry.put("event", "2[\"acquired\",\"later\"]");
			redis.opsForStream().add(prefix + "events", entry);
			for (int i = 0; i < 20; i++) {
				assertThat(member.lock("short-" + i, "ann", Duration.ofMillis(100))).isTrue();
				assertThat(member.lock("long-" + i, "ann", LONG)).isTrue();
				assertThat(member.unlock("long-" + i, "ann")).isTrue();
			}
			await().atMost(TIMEOUT).until(() -> own(member).size() == 20);
			await().atMost(TIMEOUT).until(() -> log.messages(Level.WARN).size() >= 2);
			assertThat(own(member)).extracting(Event::resource).doesNotContain("later").doesNotHaveDuplicates();
			await().during(Duration.ofMillis(1500)).until(() -> log.messages(Level.WARN).size() == 2);
			assertThat(log.messages(Level.WARN)).anyMatch((text) -> text.contains(prefix + "events"));
			assertThat(log.stackTraces()).isEmpty();
		}
		assertThat(redis.opsForHash().get(prefix + "records", "later")).isEqualTo(record);
		assertThat(redis.opsForZSet().score(prefix + "deadlines", "later")).isNotNull();
		assertThat(redis.opsForZSet().score(prefix + "unacked", claim)).isNotNull();
		assertThat(redis.opsForStream().size(prefix + "events")).isGreaterThan(60);
	}

	/** It grants without an entry in the index by locker, and so ends the use of it. */
	@Test
	void locksOfThePreviousReleaseAreReleasedAtLogOut() {
		LockyTemplate locks = this.fixture.template(LONG);
		await().atMost(TIMEOUT).until(() -> "0".equals(this.fixture.redis().opsForValue().get(fence())));
		assertThat(locks.lock("x", "ann")).isTrue();
		assertThat(this.fixture.redis().opsForValue().get(fence())).startsWith("0");
		Member previous = start(Version.PREVIOUS, "previous");
		assertThat(previous.lock("y", "ann", LONG)).isTrue();
		assertThat(this.fixture.redis().opsForValue().get(fence())).doesNotStartWith("0");
		assertThat(locks.lock("z", "ann")).isTrue();
		assertThat(locks.unlockAll("ann")).isEqualTo(3);
	}

	private String fence() {
		return this.fixture.prefix() + "fence";
	}

	private long expiries(String resource) {
		return this.members.stream()
			.flatMap((member) -> own(member).stream())
			.filter((event) -> event.resource().equals(resource))
			.count();
	}

	private static List<Event> expired(Member member) {
		return member.events().stream().filter(Event::isExpiry).toList();
	}

	private static List<Event> own(Member member) {
		return expired(member).stream().filter((event) -> !event.remote()).toList();
	}

	private static Map<String, Long> fences(List<Event> events) {
		Map<String, Long> fences = new HashMap<>();
		events.forEach((event) -> fences.merge(event.resource(), event.fence(), Math::max));
		return fences;
	}

	private static List<String> texts(Member member) {
		return member.events().stream().map(Event::text).toList();
	}

	private static Set<String> texts(Stream<Event> events) {
		return events.map(Event::text).collect(Collectors.toSet());
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private LettuceConnectionFactory connect() {
		LettuceConnectionFactory connection = TestRedis.connect();
		this.connections.add(connection);
		return connection;
	}

	private Member start(Version version, String name) {
		return start(version, new Setup(connect(), this.fixture.prefix(), name, LONG, Duration.ofSeconds(1), () -> {
		}));
	}

	private Member start(Version version, Setup setup) {
		Member member = (version == Version.PREVIOUS) ? PreviousRelease.start(setup) : new TemplateMember(setup);
		this.members.add(member);
		return member;
	}

}
