package io.locky.internal.broadcast;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.SignalListener;
import io.locky.testing.CapturedLog;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Entries and hints that an instance of a later version may write.
 */
class UnreadableEntriesTests {

	/** Both follow the log, and warn. */
	private static final int INSTANCES = 2;

	private static final String READABLE = "[\"acquired\",\"x\",\"ann\",\"12\",\"1718000000000\",\"\",\"other\"]";

	private final CapturedLog log = new CapturedLog();

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final List<Object> events = new CopyOnWriteArrayList<>();

	private LockyTemplate other;

	private String first = "0-0";

	@BeforeEach
	void startInstances() {
		start("me", this.events::add);
		this.other = start("other", (event) -> {
		});
	}

	@AfterEach
	void stopInstances() {
		this.fixture.close();
		this.log.close();
	}

	private LockyTemplate start(String name, ApplicationEventPublisher publisher) {
		LockySettings settings = this.fixture.settings().broadcast(true).instance(name).build();
		LockyKeys keys = LockyRuntime.keys(TestRedis.connectionFactory(), settings);
		return this.fixture.start(keys, settings, publisher);
	}

	@ParameterizedTest
	@ValueSource(strings = { "2[\"acquired\",\"x\",\"ann\",\"12\",\"1718000000000\",\"\",\"other\"]", "",
			"[\"renamed\",\"x\",\"ann\",\"12\",\"1718000000000\",\"\",\"other\"]", "[\"acquired\",\"x\"]",
			"[\"acquired\",\"x\",\"ann\",\"twelve\",\"1718000000000\",\"\",\"other\"]", "[\"acquired\",\"x", "{}" })
	void unreadableEntriesAreSkippedWithOneWarning(String event) {
		add(event);
		add(event);
		this.other.lock("y", "bob");
		await().until(() -> resources().contains("y"));
		add(event);
		this.other.unlock("y");
		await().until(() -> count(LockReleasedEvent.class) == 1);
		await().until(() -> this.events.get(this.events.size() - 1) instanceof LockEventsMissedEvent);
		await().until(() -> warnings().size() == INSTANCES);
		assertThat(Set.copyOf(warnings())).singleElement()
			.asString()
			.contains("event log", this.fixture.prefix() + "events", this.first)
			.contains("cannot be read");
		assertThat(resources()).containsExactly("y", "y");
	}

	@Test
	void entryWithoutItsFieldsIsSkipped() {
		this.fixture.redis().opsForStream().add(this.fixture.prefix() + "events", Map.of("something", "else"));
		add(READABLE);
		this.other.lock("y", "bob");
		await().until(() -> resources().contains("y"));
		assertThat(resources()).containsExactly("x", "y");
		await().until(() -> warnings().size() == INSTANCES);
	}

	@Test
	void laterElementsOfAnEntryAreIgnored() {
		add(READABLE.replace("]", ",\"later\",\"still later\",7,{}]"));
		await().until(() -> resources().equals(List.of("x")));
		assertThat(this.events).singleElement().isExactlyInstanceOf(LockAcquiredEvent.class);
		assertThat(warnings()).isEmpty();
	}

	@Test
	void previousLockerWithLaterElementsIsRead() {
		add(READABLE.replace("\"\"", "\"bob\"").replace("]", ",\"later\"]"));
		await().until(() -> count(LockTakenOverEvent.class) == 1);
		assertThat(this.events).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "2[\"LOG\",\"0-0\",\"1-0\",[]]", "[\"LOG\",\"0-0\"]",
			"[\"LOG\",\"a-b\",\"1\",[\"acquired\"]]", "[]", "",
			"[\"LOG\",\"0-0\",\"99999999999999-0\",[\"renamed\",\"x\",\"ann\",\"1\",\"1\",\"\",\"o\"]]" })
	void unreadableHintIsIgnored(String hint) {
		StringRedisTemplate redis = this.fixture.redis();
		String channel = this.fixture.keys().signals();
		await().until(this.fixture::isSubscribed);
		AtomicInteger received = new AtomicInteger();
		try (LockySignals signals = this.fixture.newSignals()) {
			signals.addListener(counting(received));
			await().until(() -> {
				signals.subscribe();
				return signals.isSubscribed();
			});
			redis.convertAndSend(channel, "event:" + hint.replace("LOG", this.fixture.prefix() + "events"));
			redis.convertAndSend(channel, "2:later");
			this.other.lock("y", "bob");
			await().until(() -> resources().equals(List.of("y")) && received.get() >= 2);
		}
		assertThat(this.events).hasSize(1);
		assertThat(this.log.messages(Level.WARN)).isEmpty();
		assertThat(this.log.messages(Level.ERROR)).isEmpty();
		assertThat(this.log.stackTraces()).isEmpty();
	}

	private static SignalListener counting(AtomicInteger received) {
		return new SignalListener() {

			@Override
			public void logged(String hint) {
				received.incrementAndGet();
			}

		};
	}

	/** Adds an event without a hint, as if the hint had been lost. */
	@SuppressWarnings("unchecked") // an array of generic type, for a method of Spring
									// Data
	private void add(String event) {
		String before = this.fixture.redis()
			.opsForStream()
			.read(StreamOffset.fromStart(this.fixture.prefix() + "events"))
			.stream()
			.reduce((earlier, later) -> later)
			.map((entry) -> entry.getId().getValue())
			.orElse("0-0");
		Map<String, String> fields = new LinkedHashMap<>();
		fields.put("before", before);
		fields.put("event", event);
		String id = this.fixture.redis().opsForStream().add(this.fixture.prefix() + "events", fields).getValue();
		if (this.first.equals("0-0")) {
			this.first = id;
		}
	}

	private List<String> resources() {
		return this.events.stream()
			.filter(LockyEvent.class::isInstance)
			.map((event) -> ((LockyEvent) event).getResource())
			.toList();
	}

	private long count(Class<?> type) {
		return this.events.stream().filter(type::isInstance).count();
	}

	private List<String> warnings() {
		return this.log.messages(Level.WARN);
	}

}
