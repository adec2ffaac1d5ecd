package io.locky.web.internal.endpoint;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.locky.LockInfo;
import io.locky.testing.WebInstance;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import io.locky.web.LockHolderView;
import io.locky.web.LockLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that the endpoints refuse, in every web framework.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RefusalContract {

	final WebInstance web = start(new Class<?>[] { Desk.class, View.class, Limits.class }, "locky.web.enabled=true",
			"locky.ttl=60s", "locky.web.ttl=45s");

	final LockClient ann = LockClient.of(this.web, "ann");

	final LockClient bob = LockClient.of(this.web, "bob");

	final LockClient chief = LockClient.of(this.web, "chief");

	abstract WebInstance start(Class<?>[] sources, String... properties);

	@AfterAll
	void closeWeb() {
		this.web.close();
	}

	@Test
	void querySizeIsBounded() {
		assertThat(query(500).statusCode()).isEqualTo(200);
		assertProblem(query(501), 400, "invalid-request");
		assertProblem(query(0), 400, "invalid-request");
		assertProblem(this.ann.post("/locky/locks/query", "{\"resources\":[\"article:1\",null]}"), 400,
				"invalid-request");
	}

	private HttpResponse<String> query(int size) {
		return this.ann.post("/locky/locks/query",
				IntStream.range(0, size)
					.mapToObj((id) -> "\"article:%d\"".formatted(1000 + id))
					.collect(Collectors.joining(",", "{\"resources\":[", "]}")));
	}

	@Test
	void requestWithoutLockerIs401() {
		LockClient anonymous = new LockClient(this.web);
		assertProblem(anonymous.acquire("article:1"), 401, "unauthenticated");
		assertProblem(anonymous.heartbeat("article:1", 17), 401, "unauthenticated");
		assertProblem(anonymous.release("article:1", 17), 401, "unauthenticated");
		assertProblem(anonymous.takeOver("article:1", 17), 401, "unauthenticated");
		assertProblem(anonymous.get("/locky/locks?resource=article:1"), 401, "unauthenticated");
		assertProblem(anonymous.post("/locky/locks/query", "{\"resources\":[\"article:1\"]}"), 401, "unauthenticated");
		assertProblem(anonymous.get("/locky/events?resource=article:1"), 401, "unauthenticated");
	}

	@Test
	void policyDecidesWhatMayBeLockedAndWatched() {
		assertProblem(this.ann.acquire("invoice:1"), 403, "forbidden");
		assertProblem(this.ann.takeOver("invoice:1", 17), 403, "forbidden");
		assertProblem(this.ann.get("/locky/locks?resource=invoice:1"), 403, "forbidden");
		assertProblem(this.ann.get("/locky/events?resource=article:1&resource=invoice:1"), 403, "forbidden");
		HttpResponse<String> batch = this.ann.post("/locky/locks/query",
				"{\"resources\":[\"article:1\",\"invoice:1\"]}");
		assertProblem(batch, 403, "forbidden");
		assertThat(batch.body()).contains("\"resource\":\"invoice:1\"");
		assertThat(this.web.locks().getLocker("invoice:1")).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/locky/locks/acquire   | {                                      | 400 | invalid-request
			/locky/locks/acquire   | {}                                     | 400 | invalid-request
			/locky/locks/acquire   | {"resource":" "}                       | 400 | invalid-request
			/locky/locks/acquire   | {"resource":"article:\\n1"}            | 400 | invalid-request
			/locky/locks/acquire   | {"resource":"article:1","page":""}     | 400 | invalid-request
			/locky/locks/acquire   | {"resource":"article:1","page":"a.b"}  | 400 | invalid-request
			/locky/locks/acquire   | {"resource":"article:1","ttl":0.5}     | 400 | invalid-request
			/locky/locks/acquire   | {"resource":"article:1","ttl":"x"}     | 400 | invalid-request
			/locky/locks/acquire   | null                                   | 400 | invalid-request
			/locky/events          | {"resources":[]}                       | 400 | invalid-request
			/locky/events          | {"resources":["article:1",null]}       | 400 | invalid-request
			/locky/locks/heartbeat | {"resource":"article:1"}               | 400 | invalid-request
			/locky/locks/heartbeat | {"resource":"article:1","fence":-1}    | 400 | invalid-request
			/locky/locks/release   | {"resource":"article:1","fence":"x"}   | 400 | invalid-request
			/locky/locks/takeover  | {"fence":17}                           | 400 | invalid-request
			""")
	void impossibleRequestIs400(String path, String body, int status, String code) {
		assertProblem(this.ann.post(path, body), status, code);
	}

	@Test
	void longNoteAndLongBodyAreRefused() {
		assertProblem(
				this.ann.post("/locky/locks/acquire",
						"{\"resource\":\"article:1\",\"note\":\"%s\"}".formatted("x".repeat(257))),
				400, "invalid-request");
		String body = "{\"resource\":\"article:1\",\"note\":\"%s\"}".formatted("x".repeat(300_000));
		assertProblem(this.ann.post("/locky/locks/acquire", body), 413, "too-large");
		HttpResponse<String> chunked = this.ann.send("POST", "/locky/locks/acquire",
				BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))),
				"Content-Type", "application/json");
		assertProblem(chunked, 413, "too-large");
	}

	@Test
	void refusalOfTheFrameworkIsAProblem() {
		assertProblem(this.ann.get("/locky/locks/acquire"), 405, "method-not-allowed");
		assertProblem(this.ann.post("/locky/locks", "{}"), 405, "method-not-allowed");
		assertProblem(this.ann.get("/locky/locks"), 400, "invalid-request");
		assertProblem(this.ann.send("POST", "/locky/locks/acquire", BodyPublishers.ofString("x"), "Content-Type",
				"text/plain"), 415, "unsupported-media-type");
		assertProblem(
				this.ann.send("GET", "/locky/locks?resource=article:1", BodyPublishers.noBody(), "Accept", "image/png"),
				406, "not-acceptable");
	}

	static void assertProblem(HttpResponse<String> answer, int status, String code) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(answer.body()).contains("\"type\":\"urn:problem-type:locky:%s\"".formatted(code));
	}

	/** A policy of the application. */
	static class Desk implements LockAccessPolicy {

		private static final Duration LONGEST = Duration.ofMinutes(5);

		@Override
		public boolean mayLock(LockCaller caller, String resource) {
			return resource.startsWith("article:");
		}

		@Override
		public boolean mayWatch(LockCaller caller, String resource) {
			return mayLock(caller, resource) && !resource.startsWith("article:hidden:");
		}

		@Override
		public boolean mayTakeOver(LockCaller caller, LockInfo current) {
			return caller.locker().equals("chief");
		}

		@Override
		public @Nullable Duration ttl(LockCaller caller, String resource, @Nullable Duration wish) {
			if (!resource.startsWith("article:long:") || wish == null) {
				return null;
			}
			return (wish.compareTo(LONGEST) < 0) ? wish : LONGEST;
		}

		@Override
		public @Nullable Duration maxHold(LockCaller caller, String resource) {
			return resource.startsWith("article:long:") ? Duration.ofMinutes(10) : null;
		}

	}

	/** A view of the application. */
	static class View implements LockHolderView {

		@Override
		public Map<String, ?> show(LockInfo lock) {
			Map<String, Object> shown = new LinkedHashMap<>(LockHolderView.everything().show(lock));
			if (lock.resource().startsWith("article:status:")) {
				shown.putAll(Map.of("status", "editing", "type", "x", "title", "x", "detail", "x", "instance", "x",
						"own", "x", "resource", "x", "more", 1));
			}
			return shown;
		}

		@Override
		public Map<String, ?> show(LockInfo lock, @Nullable LockCaller viewer) {
			Map<String, ?> shown = show(lock);
			if (lock.resource().startsWith("article:private:") && viewer != null && !viewer.locker().equals("chief")) {
				shown.remove("note");
			}
			return shown;
		}

	}

	/** Limits of the application. */
	static class Limits implements LockLimits {

		@Override
		public int maxLocks(LockCaller caller) {
			return caller.locker().equals("greedy") ? 3 : 1000;
		}

		@Override
		public int maxRequestsPerSecond(LockCaller caller) {
			return caller.locker().equals("hasty") ? 5 : 1000;
		}

	}

}
