package io.locky.web.internal.endpoint;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.locky.LockInfo;
import io.locky.testing.WebInstance;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static io.locky.web.internal.endpoint.LockClient.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests to hand over locks over HTTP, in every web framework.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HandoverContract {

	private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

	private final WebInstance web = start("locky.web.enabled=true", "locky.web.ttl=45s", "locky.handover.enabled=true",
			"locky.web.stream-heartbeat=1s");

	private final LockClient ann = LockClient.of(this.web, "ann");

	private final LockClient bob = LockClient.of(this.web, "bob");

	private final LockClient eve = LockClient.of(this.web, "eve");

	abstract WebInstance start(String... properties);

	@AfterAll
	void closeWeb() {
		this.web.close();
	}

	@Test
	void holderIsAskedAndHandsTheLockOver() {
		long fence = fence(this.ann.acquire("article:1"));
		HttpResponse<String> asked = ask(this.bob, "article:1", "A \\\"typo\\\"");
		assertThat(asked.statusCode()).as(asked.body()).isEqualTo(200);
		assertThat(asked.body()).matches("\\{\"id\":\"[^\"]+\",\"resource\":\"article:1\",\"locker\":\"bob\","
				+ "\"note\":\"A \\\\\"typo\\\\\"\",\"askedAt\":\"[^\"]+Z\",\"answer\":null,\"reason\":null,"
				+ "\"claimableAt\":null,\"claimableIn\":null,\"own\":true,\"granted\":null}");
		String request = id(asked);
		HttpResponse<String> lease = this.ann.heartbeat("article:1", fence);
		assertThat(lease.body()).contains("\"requests\":[{\"id\":\"" + request, "\"own\":false");
		HttpResponse<String> answered = answer(this.ann, "article:1", fence, request, "\"answer\":\"now\"");
		assertThat(answered.body()).contains("\"answer\":\"now\"");
		LockInfo now = this.web.locks().find("article:1").orElseThrow();
		assertThat(now.locker()).isEqualTo("bob");
		assertThat(answered.body()).contains("\"granted\":" + now.fence());
		assertThat(requests(this.bob, "article:1").body()).contains(request, "\"granted\":" + now.fence());
		assertThat(this.bob.heartbeat("article:1", now.fence()).body()).contains("\"requests\":[]");
		assertThat(fence(claim(this.bob, "article:1", request))).isEqualTo(now.fence());
		assertThat(this.web.locks().unlock("article:1", "ann", fence)).isFalse();
	}

	@Test
	void holderRefusesWithAReason() {
		long fence = fence(this.ann.acquire("article:2"));
		String request = id(ask(this.bob, "article:2", ""));
		assertThat(answer(this.ann, "article:2", fence, request, "\"answer\":\"no\",\"reason\":\"Not done\"").body())
			.contains("\"answer\":\"no\",\"reason\":\"Not done\",\"claimableAt\":null");
		assertThat(requests(this.bob, "article:2").body()).contains("\"reason\":\"Not done\"");
		assertProblem(claim(this.bob, "article:2", request), 423, "locked");
		assertThat(this.ann.heartbeat("article:2", fence).body()).endsWith("\"requests\":[]}");
	}

	@Test
	void lockIsClaimedAfterTheTimeThatTheHolderSaid() {
		long fence = fence(this.ann.acquire("article:3"));
		String request = id(ask(this.bob, "article:3", ""));
		assertThat(answer(this.ann, "article:3", fence, request, "\"answer\":\"later\",\"seconds\":1.0").body())
			.containsPattern("\"claimableAt\":\"[^\"]+Z\",\"claimableIn\":(1\\.0|0\\.\\d+),");
		assertProblem(claim(this.bob, "article:3", request), 423, "locked");
		await().until(() -> claim(this.bob, "article:3", request).statusCode() == 200);
		assertProblem(answer(this.ann, "article:3", fence, request, "\"answer\":\"no\""), 409, "request-ended");
	}

	@Test
	void policyLimitsTheSilence() {
		long fence = fence(this.ann.acquire("article:silent"));
		String request = id(ask(this.bob, "article:silent", ""));
		await().until(() -> claim(this.bob, "article:silent", request).statusCode() == 200);
		assertThat(this.web.locks().getLocker("article:silent")).isEqualTo("bob");
		assertProblem(answer(this.ann, "article:silent", fence, request, "\"answer\":\"no\""), 409, "request-ended");
	}

	@Test
	void thereMayBeNobodyToAsk() {
		HttpResponse<String> free = ask(this.bob, "article:4", "");
		assertProblem(free, 409, "nobody-to-ask");
		assertThat(free.body()).contains("\"held\":false", "\"own\":false");
		this.bob.acquire("article:4");
		HttpResponse<String> own = ask(this.bob, "article:4", "");
		assertProblem(own, 409, "nobody-to-ask");
		assertThat(own.body()).contains("\"held\":true", "\"own\":true");
	}

	@Test
	void policyDecidesWhoMayAsk() {
		this.ann.acquire("article:unasked");
		assertProblem(ask(this.bob, "article:unasked", ""), 403, "forbidden");
		assertProblem(ask(new LockClient(this.web), "article:1", ""), 401, "unauthenticated");
	}

	@Test
	void othersDoNotSeeNorAnswerARequest() {
		long fence = fence(this.ann.acquire("article:5"));
		String request = id(ask(this.bob, "article:5", "Secret"));
		assertThat(requests(this.eve, "article:5").body()).isEqualTo("{\"requests\":[]}");
		assertThat(requests(this.ann, "article:5").body()).contains("Secret");
		assertProblem(answer(this.eve, "article:5", fence, request, "\"answer\":\"now\""), 409, "request-ended");
		assertProblem(claim(this.eve, "article:5", request), 423, "locked");
		assertProblem(withdraw(this.eve, "article:5", request), 409, "request-ended");
		assertThat(withdraw(this.bob, "article:5", request).statusCode()).isEqualTo(204);
		assertProblem(withdraw(this.bob, "article:5", request), 409, "request-ended");
	}

	@Test
	void onlySoManyAsk() {
		this.ann.acquire("article:6");
		for (int i = 1; i <= 32; i++) {
			this.web.locks().handovers().ask("article:6", i, "", null);
		}
		HttpResponse<String> refused = ask(this.bob, "article:6", "");
		assertProblem(refused, 503, "too-many-askers");
		assertThat(refused.headers().firstValue("Retry-After")).hasValue("10");
	}

	@Test
	void streamOfTheHolderAndTheAskerSaysIt() {
		long fence = fence(this.ann.acquire("article:7"));
		try (EventReader holder = this.ann.events("article:7");
				EventReader asker = this.bob.events("article:7");
				EventReader other = this.eve.events("article:7")) {
			for (EventReader reader : List.of(holder, asker, other)) {
				await().until(() -> !reader.events().isEmpty());
			}
			String first = id(ask(this.bob, "article:7", "Please"));
			withdraw(this.bob, "article:7", first);
			String request = id(ask(this.bob, "article:7", ""));
			answer(this.ann, "article:7", fence, request, "\"answer\":\"no\",\"reason\":\"Busy\"");
			answer(this.ann, "article:7", fence, request, "\"answer\":\"now\"");
			await().until(() -> found(holder, "takenover") && found(asker, "takenover") && found(other, "takenover")
					&& count(asker, "answered") == 2 && count(holder, "answered") == 2);
			assertThat(asker.events()).filteredOn((event) -> event.startsWith("asked "))
				.first()
				.asString()
				.matches("asked \\{\"resource\":\"article:7\",\"at\":\"[^\"]+Z\",\"request\":\\{\"id\":\"%s\",.*}}"
					.formatted(first))
				.contains("\"note\":\"Please\"", "\"own\":true");
			assertThat(holder.events()).anyMatch((event) -> event.startsWith("withdrawn ") && event.contains(first));
			assertThat(holder.events())
				.anyMatch((event) -> event.startsWith("answered ") && event.contains("\"reason\":\"Busy\""));
			assertThat(other.events()).noneMatch((event) -> event.contains("\"request\""));
		}
	}

	private static boolean found(EventReader reader, String name) {
		return count(reader, name) > 0;
	}

	private static long count(EventReader reader, String name) {
		return reader.events().stream().filter((event) -> event.startsWith(name + " ")).count();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ask      | {}
			ask      | {"resource":" "}
			answer   | {"resource":"article:8","request":"x","answer":"now"}
			answer   | {"resource":"article:8","fence":1,"answer":"now"}
			answer   | {"resource":"article:8","fence":1,"request":"x"}
			answer   | {"resource":"article:8","fence":1,"request":"x","answer":"yes"}
			answer   | {"resource":"article:8","fence":1,"request":"x","answer":"later"}
			answer   | {"resource":"article:8","fence":1,"request":"x","answer":"later","seconds":90000}
			answer   | {"resource":"article:8","fence":1,"request":"x","answer":"no","reason":"\\n"}
			claim    | {"resource":"article:8"}
			claim    | {"resource":"article:8","request":"x","page":"a.b"}
			withdraw | {"resource":"article:8","request":""}
			""")
	void impossibleRequestIs400(String operation, String body) {
		assertProblem(this.ann.post("/locky/handovers/" + operation, body), 400, "invalid-request");
	}

	@Test
	void tooLongNoteIs400() {
		this.ann.acquire("article:9");
		assertProblem(ask(this.bob, "article:9", "x".repeat(257)), 400, "invalid-request");
		assertProblem(requests(this.bob, " "), 400, "invalid-request");
		assertThat(this.ann.get("/locky/handovers/ask").statusCode()).isEqualTo(405);
	}

	private static HttpResponse<String> ask(LockClient client, String resource, String note) {
		return client.post("/locky/handovers/ask", "{\"resource\":\"%s\",\"note\":\"%s\"}".formatted(resource, note));
	}

	private static HttpResponse<String> answer(LockClient client, String resource, long fence, String request,
			String answer) {
		return client.post("/locky/handovers/answer",
				"{\"resource\":\"%s\",\"fence\":%d,\"request\":\"%s\",%s}".formatted(resource, fence, request, answer));
	}

	private static HttpResponse<String> claim(LockClient client, String resource, String request) {
		return client.post("/locky/handovers/claim", about(resource, request));
	}

	private static HttpResponse<String> withdraw(LockClient client, String resource, String request) {
		return client.post("/locky/handovers/withdraw", about(resource, request));
	}

	private static String about(String resource, String request) {
		return "{\"resource\":\"%s\",\"request\":\"%s\"}".formatted(resource, request);
	}

	private static HttpResponse<String> requests(LockClient client, String resource) {
		return client.get("/locky/handovers?resource=" + resource.replace(" ", "%20"));
	}

	private static String id(HttpResponse<String> answer) {
		Matcher matcher = ID.matcher(answer.body());
		assertThat(matcher.find()).as(answer.body()).isTrue();
		return matcher.group(1);
	}

	private static void assertProblem(HttpResponse<String> answer, int status, String code) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(answer.body()).contains("urn:problem-type:locky:" + code);
	}

	@Configuration(proxyBeanMethods = false)
	static class Policies {

		@Bean
		LockAccessPolicy policy() {
			return new LockAccessPolicy() {

				@Override
				public boolean mayLock(LockCaller caller, String resource) {
					return true;
				}

				@Override
				public boolean mayAsk(LockCaller caller, LockInfo current) {
					return !current.resource().endsWith("unasked");
				}

				@Override
				public @Nullable Duration silence(LockCaller caller, LockInfo current) {
					return current.resource().endsWith("silent") ? Duration.ofMillis(300) : null;
				}

			};
		}

	}

}
