package io.locky.web.internal.endpoint;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

import io.locky.testing.WebInstance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static io.locky.web.internal.endpoint.LockClient.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Pages of users who have logged in, behind the real filters of Spring Security and its
 * CSRF protection, in every web framework.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SecuredContract {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final WebInstance web = start("locky.web.enabled=true", "locky.web.resources=article:",
			"locky.web.path=/l");

	private final LockClient ann = new LockClient(this.web, "Authorization", basic("ann"));

	abstract WebInstance start(String... properties);

	@AfterAll
	void closeWeb() {
		this.web.close();
	}

	@Test
	void lockerIsTheUserAndNeverTheRequest() {
		String token = token();
		HttpResponse<String> answer = post("acquire", "{\"resource\":\"article:1\",\"locker\":\"bob\"}", token);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(this.web.locks().getLocker("article:1")).isEqualTo("ann");
		assertThat(post("heartbeat", grant("article:1", fence(answer)), token).statusCode()).isEqualTo(200);
		assertThat(post("release", grant("article:1", fence(answer)), token).statusCode()).isEqualTo(204);
		assertThat(this.web.locks().getLocker("article:1")).isNull();
	}

	@Test
	void requestWithoutTokenIsRefused() {
		assertThat(this.ann.post("/l/locks/acquire", "{\"resource\":\"article:2\"}").statusCode()).isEqualTo(403);
		String cookie = "XSRF-TOKEN=" + token();
		assertThat(this.ann
			.send("POST", "/l/locks/acquire", BodyPublishers.ofString("{\"resource\":\"article:2\"}"), "Content-Type",
					"application/json", "Cookie", cookie)
			.statusCode()).isEqualTo(403);
		assertThat(this.web.locks().getLocker("article:2")).isNull();
	}

	@Test
	void beaconSendsTheTokenAsAField() {
		String token = token();
		long fence = fence(post("acquire", "{\"resource\":\"article:3\"}", token));
		String form = "resource=article%3A3&fence=" + fence;
		assertThat(beacon(form, token).statusCode()).isEqualTo(403);
		assertThat(this.web.locks().getLocker("article:3")).isEqualTo("ann");
		assertThat(beacon(form + "&_csrf=" + pageToken(token), token).statusCode()).isEqualTo(204);
		assertThat(this.web.locks().getLocker("article:3")).isNull();
	}

	@Test
	void requestWithoutLoginIs401() {
		assertThat(new LockClient(this.web).get("/l/locks?resource=article:1").statusCode()).isEqualTo(401);
		assertThat(new LockClient(this.web).get("/l/events?resource=article:1").statusCode()).isEqualTo(401);
		assertThat(new LockClient(this.web).get("/locky/locky.js").statusCode()).isEqualTo(401);
	}

	@Test
	void moduleIsServedWhateverThePathOfTheEndpoints() {
		HttpResponse<String> module = this.ann.get("/locky/locky.js");
		assertThat(module.statusCode()).isEqualTo(200);
		assertThat(module.body()).contains("export function acquire");
		assertThat(this.ann.get("/l/locky.js").statusCode()).isEqualTo(404);
	}

	@Test
	void streamBelongsToTheUser() {
		HttpResponse<String> forbidden = this.ann.get("/l/events?resource=invoice:1");
		RefusalContract.assertProblem(forbidden, 403, "forbidden");
		try (EventReader reader = EventReader.open(this.ann, "/l/events?resource=article:4", basic("ann"))) {
			await().atMost(TIMEOUT).until(() -> reader.events().size() == 1);
			post("acquire", "{\"resource\":\"article:4\"}", token());
			await().atMost(TIMEOUT).until(() -> reader.events().size() == 2);
			assertThat(reader.events().get(1)).contains("\"own\":true");
			assertThat(reader.response().statusCode()).isEqualTo(200);
		}
	}

	private String token() {
		HttpResponse<String> answer = this.ann.get("/l/locks?resource=article:1");
		return answer.headers()
			.allValues("Set-Cookie")
			.stream()
			.filter((cookie) -> cookie.startsWith("XSRF-TOKEN="))
			.map((cookie) -> cookie.substring("XSRF-TOKEN=".length(), cookie.indexOf(';')))
			.findFirst()
			.orElseThrow();
	}

	/** The token in a page, which differs from that in the cookie. */
	private String pageToken(String token) {
		return this.ann.send("GET", "/csrf", BodyPublishers.noBody(), "Cookie", "XSRF-TOKEN=" + token).body();
	}

	private HttpResponse<String> post(String operation, String body, String token) {
		return this.ann.send("POST", "/l/locks/" + operation, BodyPublishers.ofString(body), "Content-Type",
				"application/json", "Cookie", "XSRF-TOKEN=" + token, "X-XSRF-TOKEN", token);
	}

	private HttpResponse<String> beacon(String form, String token) {
		return this.ann.send("POST", "/l/locks/release", BodyPublishers.ofString(form), "Content-Type",
				"application/x-www-form-urlencoded", "Cookie", "XSRF-TOKEN=" + token);
	}

	private static String grant(String resource, long fence) {
		return "{\"resource\":\"%s\",\"fence\":%d}".formatted(resource, fence);
	}

	static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
	}

}
