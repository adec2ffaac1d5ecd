package io.locky.web.internal.endpoint;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

import io.locky.testing.ServerLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jspecify.annotations.Nullable;

import static io.locky.web.internal.endpoint.LockClient.fence;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that no page sends, in every web framework: each gets a problem, changes
 * nothing and leaves no error in the log.
 */
abstract class MalformedContract extends RefusalContract {

	private static final String JSON = "application/json";

	private static final String FORM = "application/x-www-form-urlencoded";

	private final ServerLog log = new ServerLog();

	@AfterAll
	void closeLog() {
		this.log.close();
	}

	@BeforeEach
	void clearLog() {
		this.log.clear();
	}

	@AfterEach
	void nothingIsLogged() {
		assertThat(this.log.errors()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "*/*", "application/*", "multipart/form-data", "multipart/form-data;boundary=",
			"application/json;charset=none", "application/json;charset=utf-16", "text/html", "json", "/", ";",
			"a/b/c" })
	void otherContentTypeIs415(String type) {
		for (String path : new String[] { "locks/acquire", "locks/heartbeat", "locks/release", "locks/takeover",
				"locks/query", "events" }) {
			assertProblem(send("POST", "/locky/" + path, type, "*/*", "{\"resource\":\"article:30\",\"fence\":1}"), 415,
					"unsupported-media-type");
		}
		assertThat(this.web.locks().getLocker("article:30")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "text/html", "text/event-stream", "image/png, text/*", "a/b/c", "*/json" })
	void otherAcceptIs406AndChangesNothing(String accept) {
		String free = "{\"resource\":\"article:31\"}";
		assertProblem(send("POST", "/locky/locks/acquire", JSON, accept, free), 406, "not-acceptable");
		assertThat(this.web.locks().getLocker("article:31")).isNull();
		long fence = fence(this.ann.acquire("article:32"));
		String grant = "{\"resource\":\"article:32\",\"fence\":%d}".formatted(fence);
		assertProblem(send("POST", "/locky/locks/release", JSON, accept, grant), 406, "not-acceptable");
		assertProblem(send("POST", "/locky/locks/takeover", JSON, accept, grant), 406, "not-acceptable");
		assertProblem(send("POST", "/locky/locks/heartbeat", JSON, accept, grant), 406, "not-acceptable");
		assertThat(this.web.locks().find("article:32").orElseThrow().fence()).isEqualTo(fence);
		assertThat(this.ann.heartbeat("article:32", fence).statusCode()).isEqualTo(200);
		this.ann.release("article:32", fence);
		assertProblem(send("GET", "/locky/locks?resource=article:31", null, accept, ""), 406, "not-acceptable");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "application/json", "text/html" })
	void streamIsOnlyAnEventStream(String accept) {
		assertProblem(send("GET", "/locky/events?resource=article:1", null, accept, ""), 406, "not-acceptable");
		assertProblem(send("POST", "/locky/events", JSON, accept, "{\"resources\":[\"article:1\"]}"), 406,
				"not-acceptable");
	}

	@ParameterizedTest
	@CsvSource({ "FOO, /locky/locks/acquire, POST", "PUT, /locky/locks/heartbeat, POST",
			"DELETE, /locky/locks/release, POST", "PATCH, /locky/locks/takeover, POST",
			"HEAD, /locky/locks/query, POST", "post, /locky/locks/acquire, POST", "POST, /locky/locks, 'GET, HEAD'",
			"PROPFIND, /locky/locks, 'GET, HEAD'", "HEAD, /locky/events, 'GET, POST'",
			"PUT, /locky/%65vents, 'GET, POST'" })
	void otherMethodIs405(String method, String path, String allowed) {
		HttpResponse<String> answer = send(method, path, FORM, "*/*", "a%");
		assertThat(answer.statusCode()).isEqualTo(405);
		assertThat(answer.headers().firstValue("Allow")).hasValue(allowed);
		if (!method.equals("HEAD")) {
			assertProblem(answer, 405, "method-not-allowed");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "a%", "resource=%zz&fence=1", "resource=%FF&fence=1", "resource=article:1",
			"resource=article:1&fence=", "resource=article:1&resource=article:2&fence=1", "fence=1", "",
			"resource=article:1&fence=1&fence=1", "resource=article:1&fence=99999999999999999999" })
	void impossibleFormIs400(String form) {
		assertProblem(this.ann.postForm("/locky/locks/release", form), 400, "invalid-request");
	}

	@Test
	void longFormIs413() {
		long fence = fence(this.ann.acquire("article:33"));
		String form = "resource=article:33&fence=" + fence + "&rest=" + "x".repeat(300_000);
		assertProblem(this.ann.postForm("/locky/locks/release", form), 413, "too-large");
		assertThat(this.web.locks().getLocker("article:33")).isEqualTo("ann");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/locky/locks", "/locky/locks?resource", "/locky/locks?resource=",
			"/locky/locks?resource=article:1&resource=article:2", "/locky/locks?resource=article:1&resource=article:1",
			"/locky/locks?resource=%FF", "/locky/events", "/locky/events?resource&resource=article:1",
			"/locky/events?resource=", "/locky/events?resource=article%00" })
	void impossibleQueryIs400(String path) {
		assertProblem(this.ann.get(path), 400, "invalid-request");
	}

	@ParameterizedTest
	@ValueSource(strings = { "article:Smith, John", "article:,", "article:a,b,c", "article:1;2", "article:a+b c" })
	void nameWithACommaArrivesWhole(String name) {
		String query = "/locky/locks?other=1&resource=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
		HttpResponse<String> answer = this.ann.get(query);
		assertThat(answer.body()).startsWith("{\"resource\":\"%s\",".formatted(name));
	}

	@ParameterizedTest
	@CsvSource({ "' ', 401, unauthenticated", "LONG, 400, invalid-request", "OBJECT, 400, invalid-request" })
	void impossibleLockerIsRefused(String user, int status, String code) {
		LockClient client = LockClient.of(this.web, user.equals("LONG") ? "x".repeat(600) : user);
		assertProblem(client.acquire("article:34"), status, code);
		assertProblem(client.get("/locky/events?resource=article:34"), status, code);
		assertProblem(client.postForm("/locky/locks/release", "resource=article:34&fence=1"), status, code);
	}

	private HttpResponse<String> send(String method, String path, @Nullable String type, String accept, String body) {
		String[] headers = (type != null) ? new String[] { "Accept", accept, "Content-Type", type }
				: new String[] { "Accept", accept };
		return this.ann.send(method, path, (method.equals("GET") || method.equals("HEAD")) ? BodyPublishers.noBody()
				: BodyPublishers.ofString(body), headers);
	}

}
