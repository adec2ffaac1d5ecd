package io.locky.event;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.locky.event.HandoverAnsweredEvent.Decision;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.locky.people.PresenceState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;

class EventJsonTests {

	private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.089Z");

	/** Nothing can write it: it stands for a part of Locky, or of an application. */
	private static final Object SOURCE = new Object() {

		@SuppressWarnings("unused")
		public Object getSelf() {
			throw new IllegalStateException("The source must not be written");
		}

	};

	private final ObjectMapper jackson2 = new ObjectMapper().registerModule(new JavaTimeModule());

	private final JsonMapper jackson3 = JsonMapper.builder().build();

	private final JsonMapper strict = JsonMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
		.enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	static List<ApplicationEvent> events() {
		return List.of(new LockAcquiredEvent(SOURCE, "a:1", "20", 21, TIME),
				new LockAcquiredEvent(SOURCE, "a:1", "20", 21, TIME, "other"),
				new LockTakenOverEvent(SOURCE, "a:1", "20", 22, TIME, "19"),
				new LockTakenOverEvent(SOURCE, "a:1", "20", 22, TIME, "19", "other"),
				new LockTakenOverEvent(SOURCE, "a:1", "20", 22, TIME, "19", 18, "Why", null),
				new LockReleasedEvent(SOURCE, "a:1", "20", 0, TIME),
				new LockReleasedEvent(SOURCE, "a:1", "20", 23, TIME, "other"),
				new LockReleasedEvent(SOURCE, "a:1", "20", 23, TIME, true, null),
				new LockExpiredEvent(SOURCE, "a:\"ü\\", "20", 1_772_600_767_089_001L, TIME),
				new LockExpiredEvent(SOURCE, "a:1", "20", 24, TIME, "other"),
				new LockAttentionEvent(SOURCE, "a:1", "20", 26, TIME.plusSeconds(60), TIME),
				new LockAttentionEvent(SOURCE, "a:1", "20", 26, TIME, null, "other"),
				new LockLostEvent(SOURCE, "a:1", "20", 25, TIME),
				new HandoverRequestedEvent(SOURCE, "a:1", "20", 26, TIME, "id", "21", "Please", TIME, null, null),
				new HandoverAnsweredEvent(SOURCE, "a:1", "20", 26, TIME, "id", "21", null, TIME, TIME, Decision.LATER,
						null, "other"),
				new HandoverWithdrawnEvent(SOURCE, "a:1", "20", 26, TIME, "id", "21", null, TIME, TIME, null),
				new PresenceChangedEvent(SOURCE, "a:1", "20", TIME, PresenceState.WAITING, null),
				new PresenceChangedEvent(SOURCE, "a:1", "20", TIME, null, "other"), new LockEventsMissedEvent(SOURCE),
				new LockOfferedEvent(SOURCE, "a:1", "20", TIME, TIME.plusSeconds(7)),
				new LockOfferedEvent(SOURCE, "a:1", "20", TIME, TIME.plusSeconds(7), "other"),
				new LineChangedEvent(SOURCE, "a:1", "20", TIME, true, 3),
				new LineChangedEvent(SOURCE, "a:1", "20", TIME, false, 2, "other"));
	}

	@ParameterizedTest
	@MethodSource("events")
	void jackson2ReadsBackWhatItWrites(ApplicationEvent event) throws IOException {
		String json = this.jackson2.writeValueAsString(event);
		ApplicationEvent read = this.jackson2.readValue(json, event.getClass());
		assertIsLike(read, event);
		assertThat(this.jackson2.writeValueAsString(read)).isEqualTo(json);
	}

	@ParameterizedTest
	@MethodSource("events")
	void jackson3ReadsBackWhatItWrites(ApplicationEvent event) {
		for (JsonMapper mapper : List.of(this.jackson3, this.strict)) {
			String json = mapper.writeValueAsString(event);
			ApplicationEvent read = mapper.readValue(json, event.getClass());
			assertIsLike(read, event);
			assertThat(mapper.writeValueAsString(read)).isEqualTo(json);
		}
	}

	@Test
	void jsonHasTheFactsAndNoSource() {
		assertThat(Stream
			.of(this.jackson3.readTree(this.jackson3.writeValueAsString(events().get(3))).propertyNames().toArray()))
			.containsExactlyInAnyOrder("resource", "locker", "fence", "occurredAt", "origin", "timestamp",
					"previousLocker", "previousFence", "note");
	}

	@Test
	void eventOfAnEarlierReleaseIsRead() throws IOException {
		String takeover = "{\"resource\":\"x\",\"locker\":\"20\",\"fence\":7,\"occurredAt\":\"2026-03-04T05:06:07.089Z\","
				+ "\"previousLocker\":\"19\",\"origin\":null,\"timestamp\":1}";
		String release = takeover.replace("\"previousLocker\":\"19\",", "");
		for (LockTakenOverEvent read : List.of(this.jackson2.readValue(takeover, LockTakenOverEvent.class),
				this.jackson3.readValue(takeover, LockTakenOverEvent.class))) {
			assertThat(read).returns(0L, LockTakenOverEvent::getPreviousFence)
				.returns(null, LockTakenOverEvent::getNote);
		}
		assertThat(this.jackson2.readValue(release, LockReleasedEvent.class).isForced()).isFalse();
		assertThat(this.jackson3.readValue(release, LockReleasedEvent.class).isForced()).isFalse();
	}

	private static void assertIsLike(ApplicationEvent read, ApplicationEvent event) {
		assertThat(read).isExactlyInstanceOf(event.getClass())
			.usingRecursiveComparison()
			.ignoringFields("source")
			.isEqualTo(event);
		assertThat(read.getSource())
			.isEqualTo((event instanceof LockyEvent) ? LockyEvent.class : LockEventsMissedEvent.class);
		assertThat(event.getSource()).isSameAs(SOURCE);
	}

}
