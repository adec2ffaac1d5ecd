package io.locky.web.internal.endpoint;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.IntStream;

import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.testing.WebInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.locky.web.internal.endpoint.LockClient.fence;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that the endpoints and the module answer, in every web framework.
 */
abstract class EndpointContract extends PolicyContract {

	@Test
	void grantHasTheFenceAndTheHeartbeatInterval() {
		HttpResponse<String> answer = this.ann.acquire("article:1");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		LockInfo held = this.web.locks().find("article:1").orElseThrow();
		assertThat(answer.body()).isEqualTo(
				"{\"resource\":\"article:1\",\"locker\":\"ann\",\"fence\":%d,\"ttl\":45.0,".formatted(held.fence())
						+ "\"heartbeat\":15.0,\"maxHold\":null}");
		assertThat(held.locker()).isEqualTo("ann");
		assertThat(held.expiresIn()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(45));
	}

	@ParameterizedTest
	@ValueSource(strings = { "article:2/3", "article:50%25", "article:ä ö?&=#+", "article:{1}:x" })
	void resourceMayHaveAnyCharacter(String resource) {
		long fence = fence(this.ann.acquire(resource));
		assertThat(this.web.locks().getLocker(resource)).isEqualTo("ann");
		String query = URLEncoder.encode(resource, StandardCharsets.UTF_8);
		assertThat(this.ann.get("/locky/locks?resource=" + query).body())
			.startsWith("{\"resource\":\"%s\",\"held\":true,\"own\":true,".formatted(resource));
		assertThat(this.ann.release(resource, fence).statusCode()).isEqualTo(204);
		assertThat(this.web.locks().getLocker(resource)).isNull();
	}

	@Test
	void lockedResourceIs423WithItsHolder() {
		this.web.locks().lock(LockRequest.of("article:3").by("ann").ttl(Duration.ofSeconds(290)).note("Back at 3"));
		HttpResponse<String> answer = this.bob.acquire("article:3");
		assertProblem(answer, 423, "locked");
		assertThat(answer.body()).contains("\"resource\":\"article:3\"", "\"locker\":\"ann\"", "\"own\":false",
				"\"note\":\"Back at 3\"", "\"expiresIn\":2", "\"since\":", "\"fence\":");
		assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(200L, 300L);
	}

	@Test
	void secondTabOfTheSameUserIsRefusedAsOwn() {
		long first = fence(this.ann.acquire("article:4"));
		HttpResponse<String> answer = this.ann.acquire("article:4");
		assertProblem(answer, 423, "locked");
		assertThat(answer.body()).contains("\"own\":true", "\"fence\":" + first, "perhaps in another tab");
	}

	@Test
	void pageThatRepeatsItsAcquireGetsTheSameGrant() {
		long fence = fence(this.ann.acquire("article:20", "page-1"));
		HttpResponse<String> repeated = this.ann.acquire("article:20", "page-1");
		assertThat(repeated.statusCode()).as(repeated.body()).isEqualTo(200);
		assertThat(fence(repeated)).isEqualTo(fence);
		HttpResponse<String> other = this.ann.acquire("article:20", "page-2");
		assertProblem(other, 423, "locked");
		assertThat(other.body()).contains("\"own\":true");
		assertProblem(this.ann.acquire("article:20"), 423, "locked");
		assertProblem(this.bob.acquire("article:20", "page-1"), 423, "locked");
		assertThat(this.ann.release("article:20", fence).statusCode()).isEqualTo(204);
		long next = fence(this.bob.acquire("article:20", "page-1"));
		assertProblem(this.ann.acquire("article:20", "page-1"), 423, "locked");
		assertThat(this.web.locks().find("article:20").orElseThrow().fence()).isEqualTo(next);
	}

	@Test
	void pageThatRepeatsItsTakeoverGetsTheSameGrant() {
		long first = fence(this.ann.acquire("article:21", "page-1"));
		long fence = fence(this.chief.takeOver("article:21", first, "page-2"));
		assertThat(fence(this.chief.takeOver("article:21", first, "page-2"))).isEqualTo(fence);
		assertProblem(this.chief.takeOver("article:21", first, "page-3"), 409, "grant-ended");
		assertProblem(this.ann.takeOver("article:21", first, "page-1"), 409, "grant-ended");
		assertThat(this.web.locks().find("article:21").orElseThrow().fence()).isEqualTo(fence);
	}

	@Test
	void ownLockIsTakenOverFromAnotherTabWithoutPermission() {
		long first = fence(this.ann.acquire("article:5"));
		HttpResponse<String> taken = this.ann.takeOver("article:5", first);
		assertThat(taken.statusCode()).isEqualTo(200);
		assertThat(fence(taken)).isGreaterThan(first);
		HttpResponse<String> answer = this.ann.heartbeat("article:5", first);
		assertProblem(answer, 409, "grant-ended");
		assertThat(answer.body()).contains("\"own\":true", "\"held\":true", "\"fence\":" + fence(taken));
	}

	@Test
	void heartbeatExtendsItsGrantAndNoOther() {
		long fence = fence(this.ann.acquire("article:6"));
		HttpResponse<String> answer = this.ann.heartbeat("article:6", fence);
		assertThat(answer.body())
			.matches("\\{\"resource\":\"article:6\",\"fence\":%d,\"expiresIn\":4[45]\\.\\d+}".formatted(fence));
		HttpResponse<String> stale = this.ann.heartbeat("article:6", fence - 1);
		assertProblem(stale, 409, "grant-ended");
		assertThat(stale.body()).contains("\"locker\":\"ann\"", "\"own\":true", "\"fence\":" + fence);
	}

	@Test
	void fenceOfAnotherLockerHasNoEffect() {
		long fence = fence(this.ann.acquire("article:7"));
		assertProblem(this.bob.heartbeat("article:7", fence), 409, "grant-ended");
		assertThat(this.bob.release("article:7", fence).statusCode()).isEqualTo(204);
		assertThat(this.web.locks().getLocker("article:7")).isEqualTo("ann");
	}

	@Test
	void heartbeatOfAFreeLockIs409WithoutHolder() {
		HttpResponse<String> answer = this.ann.heartbeat("article:8", 17);
		assertProblem(answer, 409, "grant-ended");
		assertThat(answer.body()).contains("\"held\":false").doesNotContain("\"locker\"");
	}

	@Test
	void heartbeatsWithoutPauseAreRefused() {
		long fence = fence(this.ann.acquire("article:9"));
		boolean refused = IntStream.range(0, 50)
			.mapToObj((number) -> this.ann.heartbeat("article:9", fence))
			.filter((answer) -> answer.statusCode() == 429)
			.peek((answer) -> assertProblem(answer, 429, "too-many-heartbeats"))
			.anyMatch((answer) -> answer.headers().firstValue("Retry-After").orElse("").equals("1"));
		assertThat(refused).isTrue();
	}

	@Test
	void releaseAffectsOnlyItsGrantAndIsRepeatable() {
		long first = fence(this.ann.acquire("article:10"));
		long second = fence(this.ann.takeOver("article:10", first));
		assertThat(this.ann.release("article:10", first).statusCode()).isEqualTo(204);
		assertThat(this.web.locks().getLocker("article:10")).isEqualTo("ann");
		assertThat(this.ann.release("article:10", second).statusCode()).isEqualTo(204);
		assertThat(this.ann.release("article:10", second).statusCode()).isEqualTo(204);
		assertThat(this.web.locks().getLocker("article:10")).isNull();
	}

	@Test
	void beaconReleasesWithAForm() {
		long fence = fence(this.ann.acquire("article:11"));
		assertProblem(this.ann.postForm("/locky/locks/release", "resource=article%3A11&fence=x"), 400,
				"invalid-request");
		HttpResponse<String> answer = this.ann.postForm("/locky/locks/release", "resource=article%3A11&fence=" + fence);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
		assertThat(this.web.locks().getLocker("article:11")).isNull();
	}

	@Test
	void takeoverNeedsPermissionAndShowsItsNote() {
		long fence = fence(this.ann.acquire("article:12"));
		assertProblem(this.bob.takeOver("article:12", fence), 403, "forbidden");
		HttpResponse<String> taken = this.chief.post("/locky/locks/takeover",
				"{\"resource\":\"article:12\",\"fence\":%d,\"note\":\"Deadline\"}".formatted(fence));
		assertThat(taken.statusCode()).isEqualTo(200);
		HttpResponse<String> answer = this.ann.heartbeat("article:12", fence);
		assertProblem(answer, 409, "grant-ended");
		assertThat(answer.body()).contains("\"locker\":\"chief\"", "\"note\":\"Deadline\"", "\"own\":false");
	}

	@Test
	void takeoverAffectsOneGrantAndNoOther() {
		long first = fence(this.ann.acquire("article:13"));
		this.ann.release("article:13", first);
		assertProblem(this.chief.takeOver("article:13", first), 409, "grant-ended");
		long second = fence(this.bob.acquire("article:13"));
		assertProblem(this.chief.takeOver("article:13", first), 409, "grant-ended");
		assertThat(this.web.locks().find("article:13").orElseThrow().fence()).isEqualTo(second);
	}

	@ParameterizedTest
	@CsvSource({ "/locky/locky.js, export function acquire", "/locky/locky-http.js, export function request",
			"/locky/locky-live.js, export function watch", "/locky/locky-leader.js, export class Leader",
			"/locky/locky-form.js, export function lockForms", "/locky/locky-ticker.js, setInterval" })
	void moduleIsServed(String path, String content) {
		HttpResponse<String> module = this.ann.get(path);
		assertThat(module.statusCode()).isEqualTo(200);
		assertThat(module.headers().firstValue("Content-Type")).hasValue("text/javascript");
		assertThat(module.body()).contains(content);
		String modified = module.headers().firstValue("Last-Modified").orElseThrow();
		HttpResponse<String> head = this.ann.send("HEAD", path, BodyPublishers.noBody());
		assertThat(head.statusCode()).isEqualTo(200);
		assertThat(head.headers().firstValue("Content-Type")).hasValue("text/javascript");
		assertThat(head.headers().firstValue("Last-Modified")).hasValue(modified);
		HttpResponse<String> again = this.ann.send("GET", path, BodyPublishers.noBody(), "If-Modified-Since", modified);
		assertThat(again.statusCode()).isEqualTo(304);
	}

	@Test
	void moduleIsNotServedWithoutTheEndpoints() {
		try (WebInstance without = start(new Class<?>[0])) {
			assertThat(without.send("GET", "/locky/locky.js").statusCode()).isEqualTo(404);
			assertThat(without.send("GET", "/locky/locky-ticker.js").statusCode()).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/locky/locky-other.js", "/locky/other.js", "/locky/locks/other", "/locky" })
	void otherPathsBesideTheModuleAre404(String path) {
		assertThat(this.ann.get(path).statusCode()).isEqualTo(404);
	}

	@Test
	void stateAndStatesShowTheHolder() {
		long fence = fence(this.ann.acquire("article:14"));
		assertThat(this.bob.get("/locky/locks?resource=article:14").body())
			.startsWith("{\"resource\":\"article:14\",\"held\":true,\"own\":false,\"holder\":{\"locker\":\"ann\",")
			.contains("\"fence\":" + fence);
		assertThat(this.bob.get("/locky/locks?resource=article:15").body())
			.isEqualTo("{\"resource\":\"article:15\",\"held\":false,\"own\":false,\"holder\":null}");
		String both = this.ann.post("/locky/locks/query", "{\"resources\":[\"article:15\",\"article:14\"]}").body();
		assertThat(both).startsWith("{\"locks\":[{\"resource\":\"article:15\",\"held\":false,")
			.contains("{\"resource\":\"article:14\",\"held\":true,\"own\":true,");
	}

}
