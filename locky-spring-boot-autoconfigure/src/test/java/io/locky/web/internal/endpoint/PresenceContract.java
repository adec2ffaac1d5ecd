package io.locky.web.internal.endpoint;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import io.locky.LockInfo;
import io.locky.people.LockPresence;
import io.locky.people.PresenceState;
import io.locky.testing.WebInstance;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import io.locky.web.LockHolderView;
import io.locky.web.LockLimits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who is looking at a resource, in every web framework. Two instances share their locks.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PresenceContract {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final String prefix = "locky.prefix=test-" + UUID.randomUUID() + ":";

	private final WebInstance web = start();

	private final WebInstance other = start();

	private final LockClient ann = LockClient.of(this.web, "ann");

	private final LockClient bob = LockClient.of(this.other, "bob");

	private WebInstance start() {
		return startWeb(new Class<?>[] { Desk.class, View.class, Limits.class }, "locky.web.enabled=true",
				"locky.presence.enabled=true", "locky.events.broadcast=true", this.prefix);
	}

	abstract WebInstance startWeb(Class<?>[] sources, String... properties);

	@AfterAll
	void closeWeb() {
		this.web.close();
		this.other.close();
	}

	@Test
	void everyoneIsShownToEveryone() {
		HttpResponse<String> first = enter(this.ann, "article:1", "editing", "p1");
		assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
		assertThat(first.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
		assertThat(first.body()).startsWith("{\"people\":[{\"person\":\"ann\",\"state\":\"editing\",\"since\":\"20")
			.endsWith("Z\",\"expiresIn\":30.0,\"own\":true}]}");
		assertThat(enter(this.bob, "article:1", "viewing", "p1").body())
			.matches(".*\"ann\".*\"own\":false.*\"bob\".*\"viewing\".*\"own\":true.*");
		assertThat(this.ann.get("/locky/presence?resource=article:1").body()).contains("\"bob\",\"state\":\"viewing\"");
		assertThat(leave(this.bob, "article:1", "p2").statusCode()).isEqualTo(204);
		assertThat(this.ann.get("/locky/presence?resource=article:1").body()).contains("\"bob\"");
		assertThat(leave(this.bob, "article:1", "p1").statusCode()).isEqualTo(204);
		assertThat(this.ann.get("/locky/presence?resource=article:1").body()).doesNotContain("bob");
	}

	@Test
	void pageLeavesByABeaconWithAForm() {
		enter(this.ann, "article:ü 2", "waiting", "p1");
		HttpResponse<String> left = this.ann.postForm("/locky/presence/leave", "resource=article:%C3%BC+2&page=p1");
		assertThat(left.statusCode()).isEqualTo(204);
		assertThat(this.web.bean(LockPresence.class).present("article:ü 2")).isEmpty();
	}

	@Test
	void streamShowsChangesOfAllInstances() {
		try (EventReader reader = this.ann.events("article:3")) {
			await().atMost(TIMEOUT).until(() -> reader.events().size() == 1);
			enter(this.bob, "article:3", "viewing", "p1");
			enter(this.bob, "article:3", "viewing", "p1");
			enter(this.ann, "article:3", "waiting", "p1");
			leave(this.bob, "article:3", "p1");
			await().atMost(TIMEOUT).until(() -> reader.events().size() >= 4);
			assertThat(reader.events()).hasSize(4)
				.anySatisfy((event) -> assertThat(event)
					.startsWith("presence {\"resource\":\"article:3\",\"own\":false,\"at\":\"20")
					.endsWith("\",\"person\":\"bob\",\"state\":\"viewing\"}"))
				.anySatisfy(
						(event) -> assertThat(event).startsWith("presence {\"resource\":\"article:3\",\"own\":true,")
							.endsWith("\"person\":\"ann\",\"state\":\"waiting\"}"))
				.last()
				.asString()
				.endsWith("\"person\":\"bob\",\"state\":null}");
		}
	}

	@Test
	void streamHidesWhatThePolicyHides() {
		try (EventReader reader = this.ann.events("article:quiet:4")) {
			await().atMost(TIMEOUT).until(() -> reader.events().size() == 1);
			this.web.bean(LockPresence.class).enter("article:quiet:4", "bob", "", PresenceState.VIEWING);
			this.web.locks().lock("article:quiet:4", "bob");
			await().atMost(TIMEOUT).until(() -> reader.events().size() >= 2);
			assertThat(reader.events()).hasSize(2).last().asString().startsWith("acquired ");
		}
	}

	@Test
	void personsThatTheViewHidesAreCounted() {
		enter(this.bob, "article:anonymous:5", "editing", "p1");
		assertThat(enter(this.ann, "article:anonymous:5", "viewing", "p1").body()).doesNotContain("ann", "bob")
			.matches(".*\"person\":null,\"state\":\"editing\".*\"own\":false.*\"person\":null.*\"own\":true.*");
		try (EventReader reader = this.ann.events("article:anonymous:5")) {
			await().atMost(TIMEOUT).until(() -> reader.events().size() == 1);
			leave(this.bob, "article:anonymous:5", "p1");
			await().atMost(TIMEOUT).until(() -> reader.events().size() >= 2);
			assertThat(reader.events()).last().asString().endsWith("\"person\":null,\"state\":null}");
		}
	}

	@Test
	void policyDecidesWhoMayLook() {
		for (String resource : new String[] { "invoice:1", "article:quiet:1" }) {
			RefusalContract.assertProblem(enter(this.ann, resource, "viewing", "p1"), 403, "forbidden");
			RefusalContract.assertProblem(this.ann.get("/locky/presence?resource=" + resource), 403, "forbidden");
			assertThat(this.web.bean(LockPresence.class).present(resource)).isEmpty();
		}
		RefusalContract.assertProblem(new LockClient(this.web).get("/locky/presence?resource=article:1"), 401,
				"unauthenticated");
		RefusalContract.assertProblem(enter(new LockClient(this.web), "article:1", "viewing", "p1"), 401,
				"unauthenticated");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			enter | {                                                    | 400 | invalid-request
			enter | {"state":"viewing"}                                  | 400 | invalid-request
			enter | {"resource":"article:1"}                             | 400 | invalid-request
			enter | {"resource":"article:1","state":"EDITING"}           | 400 | invalid-request
			enter | {"resource":"article:1","state":"x"}                 | 400 | invalid-request
			enter | {"resource":"article:\\n1","state":"viewing"}        | 400 | invalid-request
			enter | {"resource":"article:1","state":"viewing","page":""} | 400 | invalid-request
			leave | {"resource":"article:1","page":"a b"}                | 400 | invalid-request
			leave | {}                                                   | 400 | invalid-request
			leave | null                                                 | 400 | invalid-request
			""")
	void impossibleRequestIsRefused(String path, String body, int status, String code) {
		RefusalContract.assertProblem(this.ann.post("/locky/presence/" + path, body), status, code);
	}

	@Test
	void requestThatNoPageSendsIsRefused() {
		String body = "{\"resource\":\"article:1\",\"state\":\"viewing\"}";
		RefusalContract.assertProblem(this.ann.postForm("/locky/presence/enter", "resource=article:1&state=viewing"),
				415, "unsupported-media-type");
		RefusalContract.assertProblem(this.ann.send("POST", "/locky/presence/enter", BodyPublishers.ofString(body),
				"Content-Type", "application/json", "Accept", "text/html"), 406, "not-acceptable");
		RefusalContract.assertProblem(this.ann.get("/locky/presence/enter"), 405, "method-not-allowed");
		RefusalContract.assertProblem(this.ann.get("/locky/presence?resource=a&resource=b"), 400, "invalid-request");
		RefusalContract.assertProblem(this.ann.get("/locky/presence"), 400, "invalid-request");
		RefusalContract.assertProblem(this.ann.postForm("/locky/presence/leave", "resource=article:1&page=a&page=b"),
				400, "invalid-request");
		String longBody = "{\"resource\":\"article:1\",\"state\":\"viewing\",\"page\":\"%s\"}"
			.formatted("x".repeat(300_000));
		RefusalContract.assertProblem(this.ann.post("/locky/presence/enter", longBody), 413, "too-large");
	}

	@Test
	void withoutThePropertyThereIsNothing() {
		try (WebInstance plain = startWeb(new Class<?>[] { Desk.class }, "locky.web.enabled=true")) {
			LockClient client = LockClient.of(plain, "ann");
			assertThat(client.get("/locky/presence?resource=article:1").statusCode()).isEqualTo(404);
			assertThat(enter(client, "article:1", "viewing", "p1").statusCode()).isEqualTo(404);
			assertThat(client.acquire("article:1").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void requestsOfACallerAreLimited() {
		LockClient hasty = LockClient.of(this.web, "hasty");
		boolean isLimited = false;
		for (int i = 0; i < 100 && !isLimited; i++) {
			isLimited = enter(hasty, "article:9", "viewing", "p1").statusCode() == 429;
		}
		assertThat(isLimited).isTrue();
		assertThat(leave(hasty, "article:9", "p1").statusCode()).isEqualTo(204);
	}

	private static HttpResponse<String> enter(LockClient client, String resource, String state, String page) {
		return client.post("/locky/presence/enter",
				"{\"resource\":\"%s\",\"state\":\"%s\",\"page\":\"%s\"}".formatted(resource, state, page));
	}

	private static HttpResponse<String> leave(LockClient client, String resource, String page) {
		return client.post("/locky/presence/leave", "{\"resource\":\"%s\",\"page\":\"%s\"}".formatted(resource, page));
	}

	/** Nobody sees who is looking at something quiet, although everybody may watch it. */
	static class Desk implements LockAccessPolicy {

		@Override
		public boolean mayLock(LockCaller caller, String resource) {
			return resource.startsWith("article:");
		}

		@Override
		public boolean maySeePresence(LockCaller caller, String resource) {
			return mayWatch(caller, resource) && !resource.contains(":quiet:");
		}

	}

	/** One caller may send few requests. */
	static class Limits implements LockLimits {

		@Override
		public int maxLocks(LockCaller caller) {
			return 10;
		}

		@Override
		public int maxRequestsPerSecond(LockCaller caller) {
			return caller.locker().equals("hasty") ? 2 : 1000;
		}

	}

	/** Shows names, except of some resources. */
	static class View implements LockHolderView {

		@Override
		public Map<String, ?> show(LockInfo lock) {
			throw new IllegalStateException("The viewer is known");
		}

		@Override
		public Map<String, ?> show(LockInfo lock, @Nullable LockCaller viewer) {
			return lock.resource().contains(":anonymous:") ? Map.of("since", "today") : Map.of("locker", lock.locker());
		}

	}

}
