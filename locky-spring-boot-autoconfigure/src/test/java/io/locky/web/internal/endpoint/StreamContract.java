package io.locky.web.internal.endpoint;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.locky.LockRequest;
import io.locky.testing.WebInstance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Live streams, in every web framework. Two instances share their locks.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StreamContract {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final String prefix = "locky.prefix=test-" + UUID.randomUUID() + ":";

	private final WebInstance web = start(this.prefix, "locky.events.broadcast=true");

	private final WebInstance other = start(this.prefix, "locky.events.broadcast=true");

	private final LockClient client = LockClient.of(this.web, "ann");

	private WebInstance start(String... properties) {
		String[] all = Stream.concat(Stream.of("locky.web.enabled=true", "locky.web.resources=article:",
				"locky.web.max-subscribers=3", "locky.web.stream-heartbeat=1s"), Stream.of(properties))
			.toArray(String[]::new);
		return startWeb(all);
	}

	abstract WebInstance startWeb(String... properties);

	@AfterAll
	void closeWeb() {
		this.web.close();
		this.other.close();
	}

	@Test
	void subscriberGetsEventsOfItsResources() {
		try (EventReader reader = open("article:1")) {
			this.web.locks().lock("article:2", "bob");
			this.web.locks().lock(LockRequest.of("article:1").by("ann"));
			long first = fence("article:1");
			this.web.locks().lock(LockRequest.of("article:1").by("bob").force());
			long second = fence("article:1");
			this.web.locks().unlock("article:1");
			awaitEvents(reader, 4);
			assertThat(reader.events().get(0)).isEqualTo("ready {\"broadcast\":true,\"alive\":1.0}");
			assertThat(reader.hasRetry()).isTrue();
			assertThat(reader.events().get(1)).startsWith("acquired {\"resource\":\"article:1\",\"own\":true,\"at\":\"")
				.contains("\"lock\":{\"locker\":\"ann\",\"since\":\"")
				.endsWith("\"fence\":%d}}".formatted(first));
			assertThat(reader.events().get(2))
				.startsWith("takenover {\"resource\":\"article:1\",\"own\":false,\"at\":\"")
				.endsWith("\"fence\":%d},\"previous\":{\"locker\":\"ann\"}}".formatted(second));
			assertThat(reader.events().get(3))
				.startsWith("released {\"resource\":\"article:1\",\"own\":false,\"at\":\"")
				.endsWith("\"lock\":{\"locker\":\"bob\",\"fence\":%d}}".formatted(second));
		}
	}

	@Test
	void streamOfManyLongNamesIsOpenedByPost() {
		List<String> names = IntStream.range(0, 5000)
			.mapToObj((id) -> "article:%04d:".formatted(id) + "ü".repeat(499))
			.toList();
		awaitSubscribersBelow(3);
		try (EventReader reader = EventReader.post(this.client, "/locky/events", "ann", names)) {
			assertThat(reader.response().statusCode()).isEqualTo(200);
			assertThat(reader.response().headers().firstValue("Content-Type").orElse(""))
				.startsWith("text/event-stream");
			awaitEvents(reader, 1);
			this.other.locks().lock(LockRequest.of(names.get(4999)).by("bob"));
			awaitEvents(reader, 2);
			assertThat(reader.events().get(1)).startsWith("acquired ").contains("article:4999:ü");
		}
		List<String> more = IntStream.rangeClosed(0, 5000).mapToObj((id) -> "article:" + id).toList();
		try (EventReader refused = EventReader.post(this.client, "/locky/events", "ann", more)) {
			assertThat(refused.response().statusCode()).isEqualTo(400);
		}
	}

	@Test
	void subscriberGetsEventsOfOtherInstances() {
		try (EventReader reader = open("article:3")) {
			this.other.locks().lock(LockRequest.of("article:3").by("bob").ttl(Duration.ofMillis(500)));
			awaitEvents(reader, 3);
			assertThat(reader.events().get(1)).startsWith("acquired ").contains("\"locker\":\"bob\"");
			assertThat(reader.events().get(2)).startsWith("expired ").contains("\"locker\":\"bob\"");
		}
	}

	@Test
	void goneSubscriberIsForgotten() {
		EventReader reader = open("article:4");
		await().atMost(TIMEOUT).until(reader::isAlive);
		reader.close();
		awaitSubscribers(0);
	}

	@Test
	void tooManySubscribersAreRefused() {
		List<EventReader> readers = List.of(open("article:5"), open("article:5"), open("article:5"));
		HttpResponse<String> answer = this.client.get("/locky/events?resource=article:5");
		RefusalContract.assertProblem(answer, 503, "too-many-subscribers");
		assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
		readers.forEach(EventReader::close);
		awaitSubscribers(0);
		open("article:5").close();
	}

	@Test
	void instanceThatStopsEndsItsStreams() {
		WebInstance stopped = start();
		EventReader reader = EventReader.open(LockClient.of(stopped, "ann"), "/locky/events?resource=article:6", "ann");
		await().atMost(TIMEOUT).until(() -> reader.events().contains("ready {\"broadcast\":false,\"alive\":1.0}"));
		stopped.close();
		await().atMost(TIMEOUT).until(reader::isEnded);
		assertThat(reader.events()).last().isEqualTo("end {\"reason\":\"shutdown\"}");
	}

	private EventReader open(String resource) {
		awaitSubscribersBelow(3);
		EventReader reader = EventReader.open(this.client, "/locky/events?resource=" + resource, "ann");
		assertThat(reader.response().statusCode()).isEqualTo(200);
		assertThat(reader.response().headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
		return reader;
	}

	private void awaitEvents(EventReader reader, int count) {
		await().atMost(TIMEOUT).untilAsserted(() -> assertThat(reader.events()).hasSizeGreaterThanOrEqualTo(count));
	}

	private void awaitSubscribers(int count) {
		await().atMost(TIMEOUT).until(() -> this.web.bean(LockStreams.class).size() == count);
	}

	private void awaitSubscribersBelow(int count) {
		await().atMost(TIMEOUT).until(() -> this.web.bean(LockStreams.class).size() < count);
	}

	private long fence(String resource) {
		return this.web.locks().find(resource).orElseThrow().fence();
	}

}
